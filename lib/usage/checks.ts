import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { DUE_RANKS } from '@/lib/schedule/due';
import { textArray } from './arrays.ts';

/** As much of a stored event as decides what it sets off. */
interface Arrived {
  organizationId: string;
  externalSubscriptionId: string;
  transactionId: string;
  code: string;
  /** Epoch milliseconds. */
  timestamp: number;
  /** The organisation's clock as it arrived, epoch milliseconds. */
  ingestedAt: number;
}

interface Candidate {
  [column: string]: unknown;
  org: string;
  sub: string;
  code: string;
  id: string;
  customer_id: string;
  started: string;
  ended: string | null;
  /** The plan bills this metric event by event. */
  advance: boolean;
  /** Thresholds, alerts or prepaid credits follow this subscription's usage. */
  watched: boolean;
}

interface Check {
  org: string;
  /** The organisation's clock, as ISO text. */
  at: string;
  id: string;
  customer: string;
  subject: string;
  transactions: string[];
}

/** A live organisation's running totals are looked at a little later, so that a stream of events costs one look. */
const PATIENCE_MS = 5_000;

/**
 * Sees to it that what these events set off is done: a due row per subscription, written with the events. Usage that
 * nobody watches costs one small query, however many events and organisations.
 */
export async function scheduleUsageChecks(tx: Tx, events: readonly Arrived[]): Promise<void> {
  if (events.length === 0) return;
  const candidates = await findCandidates(tx, events);
  if (candidates.length === 0) return;
  const clocks = new Map(events.map(({ organizationId, ingestedAt }) => [organizationId, ingestedAt]));
  const checks = new Map<string, Check>();
  const checkOf = ({ org, id, customer_id }: Candidate): Check => {
    const check = checks.get(id) ?? newCheck(org, clocks.get(org) ?? 0, id, customer_id);
    checks.set(id, check);
    return check;
  };
  const byPair = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    if (candidate.watched) checkOf(candidate);
    const pair = pairOf(candidate.org, candidate.sub, candidate.code);
    byPair.set(pair, [...(byPair.get(pair) ?? []), candidate]);
  }
  for (const event of events) {
    const pair = pairOf(event.organizationId, event.externalSubscriptionId, event.code);
    const served = servedBy(byPair.get(pair) ?? [], event);
    if (served?.advance) checkOf(served).transactions.push(event.transactionId);
  }
  if (checks.size > 0) await tx.execute(insertionOfChecks([...checks.values()]));
}

function newCheck(org: string, now: number, subject: string, customer: string): Check {
  return { org, at: new Date(now).toISOString(), id: newId(), customer, subject, transactions: [] };
}

/** Whose running totals are to be looked at again. */
export type Recheck =
  | { subscriptionIds: string[] }
  | { externalSubscriptionId: string }
  | { planVersionId: string }
  | { customerId: string };

/**
 * Looks at running totals again because something beside usage has changed them: a bill, a threshold, an alert, a wallet.
 * Nothing is written for subscriptions that nothing follows.
 */
export async function recheckUsage(
  tx: Tx,
  organizationId: string,
  now: number,
  subject: Recheck,
): Promise<void> {
  const write = await recheckWrite(tx, organizationId, now, subject);
  if (write) await tx.execute(write);
}

/** The write of `recheckUsage`, to go with others in one statement; null when nothing follows the usage. */
export async function recheckWrite(
  tx: Tx,
  organizationId: string,
  now: number,
  subject: Recheck,
): Promise<SQL | null> {
  const rows = await tx.execute<{ id: string; customer_id: string }>(sql`
    select s.id, s.customer_id from subscriptions s
    where s.organization_id = ${organizationId} and ${chosenBy(subject)}
      and s.status in ('active', 'terminated') and (${watched})`);
  const checks = rows.map(({ id, customer_id }) => newCheck(organizationId, now, id, customer_id));
  return checks.length === 0 ? null : insertionOfChecks(checks);
}

function chosenBy(subject: Recheck): SQL {
  if ('subscriptionIds' in subject) {
    return sql`s.id in (select jsonb_array_elements_text(${JSON.stringify(subject.subscriptionIds)}::jsonb)::uuid)`;
  }
  if ('externalSubscriptionId' in subject) {
    return sql`s.external_id = ${subject.externalSubscriptionId} and s.status = 'active'`;
  }
  if ('planVersionId' in subject) {
    return sql`s.plan_version_id = ${subject.planVersionId} and s.status = 'active'`;
  }
  return sql`s.customer_id = ${subject.customerId} and s.status = 'active'`;
}

/** Thresholds and alerts follow a subscription in force; prepaid credits follow their customer's bills too. */
const watched: SQL = sql.raw(`
  s.status = 'active' and (
    exists (select 1 from usage_thresholds t
            where t.organization_id = s.organization_id and t.deleted_at is null
              and t.plan_version_id = s.plan_version_id)
    or exists (select 1 from usage_thresholds t
               where t.organization_id = s.organization_id and t.deleted_at is null
                 and t.subscription_id = s.id)
    or exists (select 1 from usage_alerts a
               where a.organization_id = s.organization_id and a.deleted_at is null
                 and a.external_subscription_id = s.external_id)
  )
  or exists (select 1 from wallets w
             where w.organization_id = s.organization_id and w.customer_id = s.customer_id
               and w.status = 'active')`);

const pairOf = (org: string, sub: string, code: string): string => `${org}${sub}\u0000${code}`;

/** The subscription an event is for: the one in force at its time, an unfinished one first, then the latest start. */
function servedBy(candidates: readonly Candidate[], event: Arrived): Candidate | null {
  let best: Candidate | null = null;
  for (const candidate of candidates) {
    if (Number(candidate.started) > event.timestamp) continue;
    if (candidate.ended !== null && Number(candidate.ended) < event.timestamp) continue;
    if (!best || goesBefore(candidate, best)) best = candidate;
  }
  return best;
}

function goesBefore(a: Candidate, b: Candidate): boolean {
  const end = ({ ended }: Candidate): number => (ended === null ? Number.POSITIVE_INFINITY : Number(ended));
  return end(a) > end(b) || (end(a) === end(b) && Number(a.started) > Number(b.started));
}

const epochMs = (column: string) => sql.raw(`floor(extract(epoch from ${column}) * 1000)::bigint::text`);

/**
 * The subscriptions these events may be for, when any of them is followed. Looked up one by one by their index: a planner
 * without figures yet would otherwise walk the whole table for each.
 */
async function findCandidates(tx: Tx, events: readonly Arrived[]): Promise<Candidate[]> {
  const following = await findFollowing(tx, [...new Set(events.map((event) => event.organizationId))]);
  const pairs = new Map<string, Arrived>();
  let earliest = Number.POSITIVE_INFINITY;
  for (const event of events) {
    if (!following.has(event.organizationId)) continue;
    pairs.set(pairOf(event.organizationId, event.externalSubscriptionId, event.code), event);
    if (event.timestamp < earliest) earliest = event.timestamp;
  }
  if (pairs.size === 0) return [];
  const asked = [...pairs.values()];
  const found = await tx.execute<Candidate>(sql`
    with pairs as materialized (
      select * from unnest(${textArray(asked.map(({ organizationId }) => organizationId))}::uuid[],
                           ${textArray(asked.map(({ externalSubscriptionId }) => externalSubscriptionId))}::text[],
                           ${textArray(asked.map(({ code }) => code))}::text[]) as p(org, sub, code)
    ), followed as materialized (
      select p.org, p.sub, s.id, s.customer_id, s.plan_version_id, s.started_at, s.terminated_at, s.watched
      from (select distinct org, sub from pairs) p
      cross join lateral (
        select s.*, (${watched}) as watched from subscriptions s
        where s.organization_id = p.org and s.external_id = p.sub
          and s.status in ('active', 'terminated') and s.started_at is not null
          and (s.terminated_at is null or s.terminated_at >= to_timestamp(${earliest}::double precision / 1000))
        offset 0
      ) s
    ), advance as materialized (
      select distinct c.organization_id as org, c.plan_version_id, m.code from charges c
      join billable_metrics m on m.organization_id = c.organization_id and m.id = c.billable_metric_id
      where c.organization_id in (select org from pairs) and c.pay_in_advance and c.deleted_at is null
    )
    select f.org, p.sub, p.code, f.id, f.customer_id, ${epochMs('f.started_at')} as started,
           ${epochMs('f.terminated_at')} as ended, a.code is not null as advance, f.watched
    from pairs p
    join followed f on f.org = p.org and f.sub = p.sub
    left join advance a on a.org = f.org and a.plan_version_id = f.plan_version_id and a.code = p.code`);
  return found.some(({ advance, watched }) => advance || watched) ? found : [];
}

/** Whether anything in organisation `o` follows usage as it arrives. */
export const FOLLOWED = `(
  exists (select 1 from charges c where c.organization_id = o.id and c.pay_in_advance and c.deleted_at is null)
  or exists (select 1 from usage_thresholds t where t.organization_id = o.id and t.deleted_at is null)
  or exists (select 1 from usage_alerts a where a.organization_id = o.id and a.deleted_at is null)
  or exists (select 1 from wallets w where w.organization_id = o.id and w.status = 'active'))`;

/** The organisations in which anything follows usage as it arrives. */
async function findFollowing(tx: Tx, organizationIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.execute<{ id: string }>(sql`
    select o.id from organizations o
    where o.id = any(${textArray(organizationIds)}::uuid[]) and ${sql.raw(FOLLOWED)}`);
  return new Set(rows.map(({ id }) => id));
}

/**
 * A check that only looks at totals is left out while another one waits for the same subscription. A waiting row is held
 * until these events are committed, so that whoever works it sees them; a row being worked right now does not count.
 */
function insertionOfChecks(checks: Check[]): SQL {
  return sql`
    with wanted as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(checks)}::jsonb)
        as c(org uuid, "at" timestamptz, id uuid, customer uuid, subject uuid, transactions jsonb)
    ), waiting as materialized (
      select d.subject_id from due_items d
      join wanted w on d.organization_id = w.org and d.customer_id = w.customer and d.subject_id = w.subject
      where d.kind = 'usage.check' and d.done_at is null
        and d.canceled_at is null and d.parked_at is null and w.transactions = '[]'::jsonb
      for share of d skip locked
    )
    insert into due_items (organization_id, id, kind, key, rank, due_at, customer_id, subject_id, payload, created_at)
    select o.id, w.id, 'usage.check', w.id::text, ${DUE_RANKS['usage.check']}::int,
           w."at" + case when o.mode = 'live' and w.transactions = '[]'::jsonb
                         then ${PATIENCE_MS}::int * interval '1 millisecond' else interval '0' end,
           w.customer, w.subject, jsonb_build_object('transactionIds', w.transactions), w."at"
    from wanted w join organizations o on o.id = w.org
    where w.subject not in (select subject_id from waiting)`;
}
