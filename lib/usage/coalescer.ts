import type { Databases } from '@/db/clients';
import type { Outcome } from './ingest.ts';
import { type Call, newHopes, type Settled, writeGroup } from './write-group.ts';

/** What one process keeps waiting and writes at once. */
export interface Bounds {
  /** Groups being written at the same time. */
  writers: number;
  /** The same while a whole group waits: what is written then overlaps what is read, answered and brought to disk. */
  busyWriters: number;
  groupEvents: number;
  groupBytes: number;
  waitingEvents: number;
  waitingBytes: number;
}

const BOUNDS: Bounds = {
  writers: 2,
  busyWriters: 4,
  groupEvents: 2_000,
  groupBytes: 2_000_000,
  waitingEvents: 50_000,
  waitingBytes: 64_000_000,
};

/** More is waiting than this process takes; the caller should come again in a moment. */
export class Overloaded extends Error {
  override name = 'Overloaded';
}

interface Waiting {
  call: Call;
  bytes: number;
  settle(settled: Settled): void;
}

/**
 * Gathers the events of many calls into few statements: what arrives while groups are being written goes into the next
 * one, so a call waits for at most two commits and costs a small share of one. What waits is bounded in events and bytes,
 * and one organisation may take up half of it; beyond that a call is refused at once.
 */
export class Coalescer {
  private queue: Waiting[] = [];
  private writing = 0;
  /** Events in the queue. */
  private queued = 0;
  private events = 0;
  private bytes = 0;
  private readonly eventsOf = new Map<string, number>();
  private woken = false;
  private readonly hopes = newHopes();

  constructor(
    private readonly databases: Databases,
    private readonly bounds: Bounds = BOUNDS,
  ) {}

  /**
   * Stores a call's events and resolves once they are committed. `bytes` is the length of the call's body. Throws
   * Overloaded, BatchError for a call that must be whole and is not, and whatever the database throws.
   */
  store(call: Call, bytes: number): Promise<Outcome[]> {
    const { waitingEvents, waitingBytes } = this.bounds;
    const own = (this.eventsOf.get(call.organizationId) ?? 0) + call.events.length;
    const isAlone = this.events === 0;
    if (
      !isAlone &&
      (this.events + call.events.length > waitingEvents ||
        this.bytes + bytes > waitingBytes ||
        own > waitingEvents / 2)
    ) {
      return Promise.reject(new Overloaded('too much is waiting'));
    }
    this.events += call.events.length;
    this.bytes += bytes;
    this.eventsOf.set(call.organizationId, own);
    return new Promise((resolve, reject) => {
      const settle = (settled: Settled) => (settled.ok ? resolve(settled.outcomes) : reject(settled.error));
      this.queue.push({ call, bytes, settle });
      this.queued += call.events.length;
      this.wake();
    });
  }

  /** Lingers for the rest of this turn, in which further calls may have been read. */
  private wake(): void {
    if (this.woken || !this.mayWrite()) return;
    this.woken = true;
    setImmediate(() => {
      this.woken = false;
      while (this.mayWrite()) void this.write(this.nextGroup());
    });
  }

  private mayWrite(): boolean {
    const { writers, busyWriters, groupEvents } = this.bounds;
    return this.queue.length > 0 && this.writing < (this.queued >= groupEvents ? busyWriters : writers);
  }

  private nextGroup(): Waiting[] {
    let [events, bytes, size] = [0, 0, 0];
    for (const waiting of this.queue) {
      events += waiting.call.events.length;
      bytes += waiting.bytes;
      if (size > 0 && (events > this.bounds.groupEvents || bytes > this.bounds.groupBytes)) break;
      size++;
    }
    const group = this.queue.splice(0, size);
    for (const { call } of group) this.queued -= call.events.length;
    return group;
  }

  private async write(group: Waiting[]): Promise<void> {
    this.writing++;
    const settled = await writeGroup(
      this.databases,
      group.map(({ call }) => call),
      this.hopes,
    );
    this.writing--;
    for (const [index, waiting] of group.entries()) {
      this.leave(waiting);
      waiting.settle(settled[index] ?? { ok: false, error: new Error('a call of the group was lost') });
    }
    this.wake();
  }

  private leave({ call, bytes }: Waiting): void {
    this.events -= call.events.length;
    this.bytes -= bytes;
    const left = (this.eventsOf.get(call.organizationId) ?? 0) - call.events.length;
    if (left > 0) this.eventsOf.set(call.organizationId, left);
    else this.eventsOf.delete(call.organizationId);
  }
}

const KEY = Symbol.for('counterfoil.coalescers');
type Holder = { [KEY]?: WeakMap<Databases, Coalescer> };

/** The one coalescer of these pools, shared by the Node server and Next's bundle, which load this module twice. */
export function coalescerOf(databases: Databases): Coalescer {
  const holder = globalThis as Holder;
  holder[KEY] ??= new WeakMap();
  let coalescer = holder[KEY].get(databases);
  if (!coalescer) {
    coalescer = new Coalescer(databases);
    holder[KEY].set(databases, coalescer);
  }
  return coalescer;
}
