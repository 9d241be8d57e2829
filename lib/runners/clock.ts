import { setTimeout as sleep } from 'node:timers/promises';
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { dueItems } from '@/db/schema';
import { withSystem } from '@/db/tenancy';
import { chunkHandlers, dueHandlers } from '@/lib/commands/due';
import { DUE_RANKS, type DueKind } from '@/lib/schedule/due';
import { invalid, notAllowed, notFound } from '@/lib/schedule/errors';
import { CHUNK, type ChunkHandlers, runDueTogether } from './due-chunk.ts';
import { type DueHandlers, type Lane, type Ran, runNextDue } from './due-item.ts';
import { isTransient } from './failures.ts';
import { runnerLog } from './log.ts';

export interface MoveOptions {
  handlers?: DueHandlers;
  /** What is worked for many customers at once; nothing when handlers are given without it. */
  chunks?: ChunkHandlers;
  /** How many customers' (or chunks of customers') work at one instant may run beside one another. */
  lanes?: number;
}

/** The end of the year 9999: later instants have no ISO form that every client reads. */
const LAST_INSTANT = 253_402_300_799_999;
/** Only a history being filled hurries; a sandbox's customers go one after another, so that two runs are alike. */
const HISTORY_LANES = 3;
/** One is worked out here while the database writes another. A company of one chunk goes as if there were no other. */
const CHUNK_LANES = 2;
const MOST_TRIES = 12;

interface Group {
  dueAt: number;
  rank: number;
  /** In the order of their first items. */
  customerIds: (string | null)[];
}

/**
 * Moves a sandbox's or a history's clock forward to `to` (epoch milliseconds) and runs everything due on the way, each
 * thing on its own instant, in the order of due time and rank. Returns the clock once all of it has run.
 *
 * One mover at a time within a process. Movers in several processes share the work, because each step is claimed afresh
 * from the database; so one that died half-way is finished by the next move. Throws CommandError: not_found, not_allowed
 * for a live organisation, invalid for a move backwards.
 */
export async function moveClock(
  databases: Databases,
  organizationId: string,
  to: number,
  options: MoveOptions = {},
): Promise<{ now: number }> {
  return oneAtATime(organizationId, async () => {
    const mode = await patiently(() => beginMove(databases, organizationId, to));
    const lanes = options.lanes ?? (mode === 'history' ? HISTORY_LANES : 1);
    const handlers = options.handlers ?? dueHandlers;
    const chunks = options.chunks ?? (options.handlers ? {} : chunkHandlers);
    try {
      for (;;) {
        const group = await patiently(() => enterNextGroup(databases, organizationId, to));
        if (group) {
          const rest = await runTogether(
            databases,
            organizationId,
            group,
            chunks,
            options.lanes ?? CHUNK_LANES,
          );
          await runGroup(databases, organizationId, { ...group, customerIds: rest }, handlers, lanes);
          continue;
        }
        const now = await patiently(() => finishMove(databases, organizationId, to));
        if (now !== null) return { now };
      }
    } catch (error) {
      await leaveOff(databases, organizationId).catch(() => {});
      throw error;
    }
  });
}

/** When the next open item of this organisation is due, epoch milliseconds; null when nothing is. */
export async function nextDueAt(tx: Tx, organizationId: string): Promise<number | null> {
  const [row] = await tx
    .select({ dueAt: dueItems.dueAt })
    .from(dueItems)
    .where(
      and(
        eq(dueItems.organizationId, organizationId),
        isNull(dueItems.doneAt),
        isNull(dueItems.canceledAt),
        isNull(dueItems.parkedAt),
      ),
    )
    .orderBy(asc(dueItems.dueAt), asc(dueItems.rank), asc(dueItems.id))
    .limit(1);
  return row?.dueAt.getTime() ?? null;
}

/**
 * Ends the filling of a history: from now on the organisation follows the database's clock, and what it tells the world
 * leaves. What was said while the history was filled stays muted. Throws not_allowed unless it is a history.
 */
export async function goLive(databases: Databases, organizationId: string): Promise<void> {
  await withSystem(databases, async (tx) => {
    const rows = await tx.execute(sql`
      update organizations set mode = 'live', clock_now = null, clock_moving_to = null
      where id = ${organizationId} and mode = 'history' returning id`);
    if (rows.length === 0) notAllowed('organization_not_history', 'Only a history being filled can go live.');
  });
}

type Mode = 'live' | 'sandbox' | 'history';

async function beginMove(databases: Databases, organizationId: string, to: number): Promise<Mode> {
  return withSystem(databases, async (tx) => {
    const [row] = await tx.execute<{ mode: Mode; now: string | null }>(sql`
      select mode, floor(extract(epoch from clock_now) * 1000)::bigint::text as now
      from organizations where id = ${organizationId} for no key update`);
    if (!row) return notFound('organization');
    if (row.mode === 'live') return refuseLive();
    if (!Number.isInteger(to) || to > LAST_INSTANT) {
      return invalid({ now: ['value_is_invalid'] }, 'Give a date and time before the year 10000.');
    }
    if (row.now !== null && to < Number(row.now)) {
      const present = new Date(Number(row.now)).toISOString();
      return invalid({ now: ['value_is_invalid'] }, `The clock stands at ${present} and only moves forward.`);
    }
    await tx.execute(sql`
      update organizations set clock_moving_to = ${iso(to)}::timestamptz where id = ${organizationId}`);
    return row.mode;
  });
}

function refuseLive(): never {
  return notAllowed('clock_not_movable', 'This organisation is live: its clock is the real one.');
}

/** Finds the first things due by `to` that share an instant and a rank, and puts the clock to their instant. */
async function enterNextGroup(
  databases: Databases,
  organizationId: string,
  to: number,
): Promise<Group | null> {
  const rows = await databases.system.execute<{
    customerId: string | null;
    dueAt: string;
    rank: number;
    mode: Mode;
  }>(sql`
    with head as materialized (
      select due_at, rank from due_items
      where organization_id = ${organizationId} and due_at <= ${iso(to)}::timestamptz
        and done_at is null and canceled_at is null and parked_at is null
      order by due_at, rank, id limit 1
    ), moved as (
      update organizations o set clock_now = head.due_at from head
      where o.id = ${organizationId} and o.mode <> 'live' and (o.clock_now is null or o.clock_now < head.due_at)
    )
    select d.customer_id as "customerId", floor(extract(epoch from head.due_at) * 1000)::bigint::text as "dueAt",
           head.rank, o.mode
    from head join organizations o on o.id = ${organizationId} join due_items d on d.organization_id = ${organizationId} and d.due_at = head.due_at
      and d.rank = head.rank and d.done_at is null and d.canceled_at is null and d.parked_at is null
    group by d.customer_id, head.due_at, head.rank, o.mode order by min(d.id::text)`);
  const [first] = rows;
  if (!first) return null;
  if (first.mode === 'live') return refuseLive();
  return {
    dueAt: Number(first.dueAt),
    rank: first.rank,
    customerIds: rows.map((row) => row.customerId),
  };
}

/**
 * Works what can be worked for many customers at once. Answers those that are left to be worked one by one: with other
 * work, or with something wrong among them.
 */
async function runTogether(
  databases: Databases,
  organizationId: string,
  { dueAt, rank, customerIds }: Group,
  chunks: ChunkHandlers,
  lanes: number,
): Promise<Group['customerIds']> {
  const alone = Object.keys(chunks).every((kind) => DUE_RANKS[kind as DueKind] !== rank);
  const several = customerIds.filter((id) => id !== null);
  if (alone || several.length < 2) return customerIds;
  const reach = { upTo: { dueAt, rank } };
  const done = new Set<string | null>();
  const waiting = Array.from({ length: Math.ceil(several.length / CHUNK) }, (_, n) =>
    several.slice(n * CHUNK, (n + 1) * CHUNK),
  );
  await beside(lanes, waiting, async (customerIds) => {
    const chunk = { organizationId, customerIds };
    const ran = await patiently(() => runDueTogether(databases, chunk, reach, chunks, true));
    for (const customerId of ran ?? []) done.add(customerId);
  });
  return customerIds.filter((id) => !done.has(id));
}

async function runGroup(
  databases: Databases,
  organizationId: string,
  { dueAt, rank, customerIds }: Group,
  handlers: DueHandlers,
  lanes: number,
): Promise<void> {
  const reach = { upTo: { dueAt, rank } };
  await beside(lanes, [...customerIds], async (customerId) => {
    const lane: Lane = { organizationId, customerId };
    for (;;) {
      const ran = await patiently(() => runNextDue(databases, lane, reach, handlers, true));
      if (ran.outcome === 'failed') reportFailure(lane, ran);
      if (ran.outcome === 'nothing' || ran.outcome === 'busy') break;
    }
  });
}

/** Works what waits, in its order, `lanes` at a time. A lane that fails ends; the first failure is thrown once all have ended. */
async function beside<T>(lanes: number, waiting: T[], work: (next: T) => Promise<void>): Promise<void> {
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(lanes, waiting.length) }, lane));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}

function reportFailure(lane: Lane, ran: Ran & { outcome: 'failed' }): void {
  runnerLog.warn({ ...lane, ...ran }, ran.parked ? 'due work parked' : 'due work failed');
}

/** Puts the clock to its goal unless something has fallen due meanwhile (null). */
async function finishMove(databases: Databases, organizationId: string, to: number): Promise<number | null> {
  return withSystem(databases, async (tx) => {
    const [row] = await tx.execute<{ now: string; live: boolean }>(sql`
      update organizations set
        clock_now = case when mode = 'live' then clock_now else greatest(clock_now, ${iso(to)}::timestamptz) end,
        clock_moving_to = null
      where id = ${organizationId} and not exists (
        select 1 from due_items where organization_id = ${organizationId} and due_at <= ${iso(to)}::timestamptz
          and done_at is null and canceled_at is null and parked_at is null)
      returning mode = 'live' as live, floor(extract(epoch from clock_now) * 1000)::bigint::text as now`);
    if (row?.live) refuseLive();
    return row ? Number(row.now) : null;
  });
}

/** A move that failed lets the background workers in again; the clock stays where it came to. */
async function leaveOff(databases: Databases, organizationId: string): Promise<void> {
  await databases.system.execute(
    sql`update organizations set clock_moving_to = null where id = ${organizationId}`,
  );
}

/** Tries again what fails for a passing reason, for about ten seconds in all; then lets the failure go. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || tries >= MOST_TRIES) throw error;
      await sleep(Math.min(20 * 2 ** tries, 1_500));
    }
  }
}

const iso = (instant: number) => new Date(instant).toISOString();

const KEY = Symbol.for('counterfoil.clock-movers');
type Holder = { [KEY]?: Map<string, Promise<unknown>> };

/** Runs one move of an organisation after another, also when this module is loaded twice in the process. */
async function oneAtATime<T>(organizationId: string, move: () => Promise<T>): Promise<T> {
  const holder = globalThis as Holder;
  holder[KEY] ??= new Map();
  const movers = holder[KEY];
  const turn = (movers.get(organizationId) ?? Promise.resolve()).then(move, move);
  movers.set(organizationId, turn);
  try {
    return await turn;
  } finally {
    if (movers.get(organizationId) === turn) movers.delete(organizationId);
  }
}
