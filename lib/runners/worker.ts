import { sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { chunkHandlers, dueHandlers } from '@/lib/commands/due';
import type { DueKind } from '@/lib/schedule/due';
import { CHUNK, type ChunkHandlers, runDueTogether } from './due-chunk.ts';
import { type DueHandlers, type Lane, runNextDue } from './due-item.ts';
import { isAway } from './failures.ts';
import { type RunnerLog, runnerLog } from './log.ts';
import { type Runner, startLoop } from './loop.ts';

export interface WorkerOptions {
  databases: Databases;
  /** How many customers' work may run beside one another in this process. */
  concurrency?: number;
  handlers?: DueHandlers;
  /** What is worked for many customers at once; nothing when handlers are given without it. */
  chunks?: ChunkHandlers;
  pollMs?: number;
  /** How long a customer's work rests after a failed attempt. */
  retryMs?: number;
  log?: RunnerLog;
}

/** How many customers a round looks at, and how many of them, by chance, it takes up: others look at the same ones. */
const LANES_SEEN = 2_000;
const LANES_A_PLACE = 8;
/** A customer with much to catch up lets others have their turn. */
const ITEMS_A_TURN = 50;

/**
 * Does what falls due in live organisations, and what has just become due in sandboxes whose clock stands still. Any number
 * of processes may run this on one database: what is due is decided by the database's clock, who does it by its locks.
 */
export function startWorkers({
  databases,
  concurrency = 2,
  handlers = dueHandlers,
  chunks = handlers === dueHandlers ? chunkHandlers : {},
  pollMs = 1_000,
  retryMs = 5_000,
  log = runnerLog,
}: WorkerOptions): Runner {
  const resting = new Map<string, number>();

  async function turn(lane: Lane, stopping: AbortSignal): Promise<boolean> {
    for (let item = 0; item < ITEMS_A_TURN && !stopping.aborted; item++) {
      const ran = await runNextDue(databases, lane, 'present', handlers, false);
      if (ran.outcome === 'failed') {
        log.warn({ ...lane, ...ran }, ran.parked ? 'due work parked' : 'due work failed');
        if (!ran.parked) resting.set(keyOf(lane), performance.now() + retryMs * ran.attempts);
      }
      if (ran.outcome !== 'done') return item > 0;
    }
    return true;
  }

  async function round(stopping: AbortSignal): Promise<boolean> {
    for (const [key, until] of resting) if (until <= performance.now()) resting.delete(key);
    const lanes = await dueLanes(databases, LANES_SEEN + resting.size);
    const awake = lanes.filter((lane) => !resting.has(keyOf(lane)));
    const together = chunksOf(awake, chunks);
    const inChunks = new Set(together.flat());
    const waiting: Lane[] = someOf(
      awake.filter((lane) => !inChunks.has(lane)),
      concurrency * LANES_A_PLACE,
    );
    let progress = false;
    const work = async () => {
      for (let chunk = together.shift(); chunk && !stopping.aborted; chunk = together.shift()) {
        const done = await chunkOrRest(chunk);
        if (done > 0) progress = true;
        else if (done < 0) waiting.push(...chunk);
      }
      for (let lane = waiting.shift(); lane && !stopping.aborted; lane = waiting.shift()) {
        if (await turnOrRest(lane, stopping)) progress = true;
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: concurrency }, work));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    return progress;
  }

  /** How many are done; below 0 when something is wrong with one of them, so that they are worked one by one. */
  async function chunkOrRest(lanes: DueLane[]): Promise<number> {
    const organizationId = lanes[0]?.organizationId ?? '';
    const customerIds = lanes.flatMap(({ customerId }) => customerId ?? []);
    try {
      const done = await runDueTogether(databases, { organizationId, customerIds }, 'present', chunks, false);
      return done === null ? -1 : done.length;
    } catch (error) {
      if (isAway(error)) throw error;
      log.error({ organizationId, customers: customerIds.length, err: error }, 'due work could not be begun');
      return -1;
    }
  }

  /** Without a database the round ends; anything else is one customer's affair. */
  async function turnOrRest(lane: Lane, stopping: AbortSignal): Promise<boolean> {
    try {
      return await turn(lane, stopping);
    } catch (error) {
      if (isAway(error)) throw error;
      log.error({ ...lane, err: error }, 'due work could not be begun');
      resting.set(keyOf(lane), performance.now() + retryMs);
      return false;
    }
  }

  return startLoop({ name: 'due work', everyMs: pollMs, round, log });
}

/** Lanes whose next work is of one kind and instant, by chance in parts: other processes look at the same ones. */
function chunksOf(lanes: DueLane[], chunks: ChunkHandlers): DueLane[][] {
  const alike = new Map<string, DueLane[]>();
  for (const lane of lanes) {
    if (lane.customerId === null || !(lane.kind in chunks)) continue;
    const key = `${lane.organizationId}/${lane.kind}/${lane.dueAt}`;
    alike.set(key, [...(alike.get(key) ?? []), lane]);
  }
  return [...alike.values()]
    .filter((group) => group.length > 1)
    .flatMap((group) => {
      const mixed = someOf(group, group.length);
      const parts = Math.ceil(mixed.length / CHUNK);
      return Array.from({ length: parts }, (_, part) => mixed.slice(part * CHUNK, (part + 1) * CHUNK));
    });
}

/** Up to `most` of the lanes in a random order. */
function someOf<T>(lanes: T[], most: number): T[] {
  const rest = [...lanes];
  const chosen: T[] = [];
  while (chosen.length < most && rest.length > 0) {
    chosen.push(...rest.splice(Math.floor(Math.random() * rest.length), 1));
  }
  return chosen;
}

/** A lane with its next work. */
interface DueLane extends Lane {
  kind: DueKind;
  dueAt: string;
}

const keyOf = ({ organizationId, customerId }: Lane) => `${organizationId}/${customerId ?? ''}`;

/** The customers with something due now, the longest waiting first. Each organisation is one probe of its own index. */
async function dueLanes(databases: Databases, most: number): Promise<DueLane[]> {
  const rows = await databases.system.execute<{
    organizationId: string;
    customerId: string | null;
    kind: DueKind;
    dueAt: string;
  }>(sql`
    select o.id as "organizationId", d.customer_id as "customerId", d.kind, d.due_at::text as "dueAt"
    from organizations o cross join lateral (
      select i.customer_id, min(i.due_at) as due_at, min(i.id::text) as id,
             (array_agg(i.kind order by i.due_at, i.rank, i.id))[1] as kind from due_items i
      where i.organization_id = o.id and i.done_at is null and i.canceled_at is null and i.parked_at is null
        and i.due_at <= case when o.mode = 'live' then now() else o.clock_now end
      group by i.customer_id) d
    where o.mode = 'live' or (o.mode = 'sandbox' and o.clock_moving_to is null)
    order by d.due_at, d.id limit ${most}::int`);
  return [...rows];
}
