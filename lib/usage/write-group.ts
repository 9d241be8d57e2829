import type { Databases, Tx } from '@/db/clients';
import { writeAtOnce } from './at-once.ts';
import { NotAllNew } from './copy.ts';
import { openGroup } from './group-facts.ts';
import { BatchError, type IncomingEvent } from './incoming.ts';
import { MANY, type Outcome, refusals, scopeOf, storeSendings } from './ingest.ts';

/** Events of one call. `whole`: all of them or none; else each for itself. */
export interface Call {
  organizationId: string;
  events: readonly IncomingEvent[];
  whole: boolean;
}

/** What a call is answered: one outcome an event, or why it was refused or failed. */
export type Settled = { ok: true; outcomes: Outcome[] } | { ok: false; error: unknown };

/** Groups that are written with care after one that could not be written in hope. */
const WARY_GROUPS = 50;

/**
 * Whether events are written as if none was there yet and nothing hung on them. Senders who repeat themselves do so for a
 * while, and each hope in vain costs a write.
 */
class Hope {
  private wary = 0;

  /** For one more group. */
  has(): boolean {
    if (this.wary === 0) return true;
    this.wary--;
    return false;
  }

  lose(): void {
    this.wary = WARY_GROUPS;
  }
}

/** Small groups are written in one statement, large ones by COPY, as long as that goes well. */
interface Hopes {
  small: Hope;
  large: Hope;
}

export const newHopes = (): Hopes => ({ small: new Hope(), large: new Hope() });

const TIMEOUTS = { statement: '15s', lock: '5s' };
const MOST_TRIES = 3;
/** Deadlock and serialisation failure: only the timing was wrong. */
const TIMING = new Set(['40P01', '40001']);
/** What Postgres says of a value: these are the sender's, anything else is ours and fails the whole group. */
const OF_A_VALUE = /^(22|23|54)/;

/** Some call would have been stored in part, so nothing of the group was. */
class Torn extends Error {
  constructor(readonly calls: readonly number[]) {
    super('a call of the group cannot be stored whole');
  }
}

/** The only call of a group is refused: the answer, carried out of a transaction that is given up. */
class Refused extends Error {
  constructor(readonly settled: Settled[]) {
    super('refused');
  }
}

/**
 * Stores many calls in one transaction and settles each by itself: a call that is refused or cannot be stored costs the
 * others a second try, never their answer. Nothing is answered before it is committed. Never throws.
 */
export async function writeGroup(
  databases: Databases,
  calls: readonly Call[],
  hopes = newHopes(),
): Promise<Settled[]> {
  const isSmall = countOf(calls) < MANY;
  const hope = isSmall ? hopes.small : hopes.large;
  let hopeful = hope.has();
  for (let tries = 1; ; tries++) {
    try {
      if (hopeful && isSmall) {
        const all = await writeAtOnce(databases, calls);
        if (all) return all.map((outcomes) => ({ ok: true, outcomes }));
        hope.lose();
        hopeful = false;
      }
      return await databases.system.transaction((tx) => store(tx, calls, hopeful));
    } catch (error) {
      if (error instanceof NotAllNew && hopeful) {
        hope.lose();
        hopeful = false;
        continue;
      }
      if (error instanceof Refused) return error.settled;
      if (error instanceof Torn) return await apart(databases, calls, error.calls, hopes);
      const code = codeOf(error);
      if (TIMING.has(code) && tries < MOST_TRIES) continue;
      if (calls.length === 1 || !OF_A_VALUE.test(code)) return calls.map(() => ({ ok: false, error }));
      const half = calls.length >> 1;
      const first = await writeGroup(databases, calls.slice(0, half), hopes);
      return [...first, ...(await writeGroup(databases, calls.slice(half), hopes))];
    }
  }
}

function countOf(calls: readonly Call[]): number {
  let count = 0;
  for (const { events } of calls) count += events.length;
  return count;
}

async function store(tx: Tx, calls: readonly Call[], hopeful: boolean): Promise<Settled[]> {
  const { organizationIds, codes } = scopeOf(calls);
  const { clocks, expressions } = await openGroup(tx, organizationIds, codes, TIMEOUTS);
  const all = await storeSendings(
    tx,
    calls.map(({ organizationId, events }) => ({
      organizationId,
      events,
      now: clocks.get(organizationId) ?? Date.now(),
    })),
    { expressions, hopeful },
  );
  const torn: number[] = [];
  const settled = all.map((outcomes, index): Settled => {
    if (!calls[index]?.whole) return { ok: true, outcomes };
    const errors = refusals(outcomes);
    if (!errors) return { ok: true, outcomes };
    if (outcomes.some(({ status }) => status === 'accepted')) torn.push(index);
    return { ok: false, error: new BatchError(errors) };
  });
  if (torn.length > 0) throw calls.length > 1 ? new Torn(torn) : new Refused(settled);
  return settled;
}

/** The rest together, then each torn call alone, whose answer must not depend on what was rolled back. */
async function apart(
  databases: Databases,
  calls: readonly Call[],
  torn: readonly number[],
  hopes: Hopes,
): Promise<Settled[]> {
  const settled: Settled[] = [];
  const rest = [...calls.keys()].filter((index) => !torn.includes(index));
  const answers =
    rest.length > 0
      ? await writeGroup(
          databases,
          rest.map((index) => calls[index]!),
          hopes,
        )
      : [];
  for (const [at, index] of rest.entries()) settled[index] = answers[at]!;
  for (const index of torn) {
    const [answer] = await writeGroup(databases, [calls[index]!], hopes);
    settled[index] = answer!;
  }
  return settled;
}

function codeOf(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') return current.code;
  }
  return '';
}
