import { sql } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { withSystem } from '@/db/tenancy';
import { textArray } from './arrays.ts';
import { BatchError, type IncomingEvent } from './incoming.ts';
import { type Outcome, refusals, storeSendings } from './ingest.ts';

/** Events of one call. `whole`: all of them or none; else each for itself. */
export interface Call {
  organizationId: string;
  events: readonly IncomingEvent[];
  whole: boolean;
}

/** What a call is answered: one outcome an event, or why it was refused or failed. */
export type Settled = { ok: true; outcomes: Outcome[] } | { ok: false; error: unknown };

const STATEMENT_TIMEOUT_MS = 15_000;
const LOCK_TIMEOUT_MS = 5_000;
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
export async function writeGroup(databases: Databases, calls: readonly Call[]): Promise<Settled[]> {
  for (let tries = 1; ; tries++) {
    try {
      return await withSystem(databases, (tx) => store(tx, calls), {
        statementTimeoutMs: STATEMENT_TIMEOUT_MS,
        lockTimeoutMs: LOCK_TIMEOUT_MS,
      });
    } catch (error) {
      if (error instanceof Refused) return error.settled;
      if (error instanceof Torn) return await apart(databases, calls, error.calls);
      const code = codeOf(error);
      if (TIMING.has(code) && tries < MOST_TRIES) continue;
      if (calls.length === 1 || !OF_A_VALUE.test(code)) return calls.map(() => ({ ok: false, error }));
      const half = calls.length >> 1;
      const first = await writeGroup(databases, calls.slice(0, half));
      return [...first, ...(await writeGroup(databases, calls.slice(half)))];
    }
  }
}

async function store(tx: Tx, calls: readonly Call[]): Promise<Settled[]> {
  const clocks = await readClocks(tx, [...new Set(calls.map(({ organizationId }) => organizationId))]);
  const all = await storeSendings(
    tx,
    calls.map(({ organizationId, events }) => ({
      organizationId,
      events,
      now: clocks.get(organizationId) ?? Date.now(),
    })),
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
): Promise<Settled[]> {
  const settled: Settled[] = [];
  const rest = [...calls.keys()].filter((index) => !torn.includes(index));
  const answers =
    rest.length > 0
      ? await writeGroup(
          databases,
          rest.map((index) => calls[index]!),
        )
      : [];
  for (const [at, index] of rest.entries()) settled[index] = answers[at]!;
  for (const index of torn) {
    const [answer] = await writeGroup(databases, [calls[index]!]);
    settled[index] = answer!;
  }
  return settled;
}

async function readClocks(tx: Tx, organizationIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx.execute<{ id: string; now: string }>(sql`
    select id, floor(extract(epoch from case when mode = 'live' then clock_timestamp() else clock_now end) * 1000)::bigint::text as now
    from organizations where id = any(${textArray(organizationIds)}::uuid[])`);
  return new Map(rows.map(({ id, now }) => [id, Number(now)]));
}

function codeOf(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') return current.code;
  }
  return '';
}
