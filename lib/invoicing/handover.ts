import { sql } from 'drizzle-orm';
import type { ChargeFacts, ChargeUsageFacts, SubscriptionBillFacts } from '@/lib/billing/invoice/facts';
import type { UsageEvent } from '@/lib/billing/usage-facts';
import type { BillingContext } from './context';

/**
 * Windows include both their ends (semantics 5.2), so one subscription's last instant is the next one's first. Events of
 * that instant are told apart by when they came in: whoever was in force then bills them, and nobody else.
 */
export interface Handover {
  /** Events at the first instant that had come in up to this sequence belong to what ended then; null when there are none. */
  startsAfter: bigint | null;
  /** Events at the last instant that came in after this sequence belong to what began then; null when there are none. */
  endsWith: bigint | null;
  /** When service first began under the external id, epoch milliseconds. */
  firstStartedAt: number;
}

interface HandoverRow {
  [column: string]: unknown;
  place: number;
  starts_after: string | null;
  ends_with: string | null;
  first_started_at: string;
}

const averagesLevel = ({ metric }: ChargeFacts): boolean =>
  metric.recurring && metric.aggregationType === 'weighted_sum_agg';

/** What usage of these bills has in common with their neighbours', by the bill's place; most bills need no look. */
export async function loadHandovers(
  { tx, organizationId: org }: BillingContext,
  bills: SubscriptionBillFacts[],
): Promise<Map<number, Handover>> {
  const asked = bills.flatMap(({ subscriptionId, windows, startedAt, terminatedAt, plan }, place) => {
    const opens = windows.chargesFrom === startedAt;
    const closes = terminatedAt !== null && windows.chargesTo === terminatedAt;
    if (plan.charges.length === 0 || (!opens && !closes && !plan.charges.some(averagesLevel))) return [];
    const codes = [...new Set(plan.charges.map(({ metric }) => metric.code))];
    return [{ place, subscription: subscriptionId, opens, closes, codes }];
  });
  if (asked.length === 0) return new Map();
  const rows = await tx.execute<HandoverRow>(sql`
    select q.place, first.started_at as first_started_at,
      case when exists (
        select 1 from events e
        where e.organization_id = ${org} and e.external_subscription_id = s.external_id and e.code = any(q.codes)
          and e."timestamp" = s.started_at and e."sequence" <= before."sequence"
      ) then before."sequence"::text end as starts_after,
      case when q.closes and exists (
        select 1 from subscriptions n
        where n.organization_id = ${org} and n.external_id = s.external_id and n.id > s.id
          and n.started_at = s.terminated_at and n.status in ('active', 'terminated')
      ) and exists (
        select 1 from events e
        where e.organization_id = ${org} and e.external_subscription_id = s.external_id and e.code = any(q.codes)
          and e."timestamp" = s.terminated_at and e."sequence" > s.closed_sequence
      ) then s.closed_sequence::text end as ends_with
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      as q(place int, subscription uuid, opens boolean, closes boolean, codes text[])
    join subscriptions s on s.organization_id = ${org} and s.id = q.subscription
    cross join lateral (
      select (extract(epoch from min(o.started_at)) * 1000)::bigint::text as started_at from subscriptions o
      where o.organization_id = ${org} and o.external_id = s.external_id and o.status in ('active', 'terminated')
    ) first
    cross join lateral (
      select max(p.closed_sequence) as "sequence" from subscriptions p
      where q.opens and p.organization_id = ${org} and p.external_id = s.external_id and p.id < s.id
        and p.terminated_at = s.started_at
        and (p.on_termination_invoice = 'generate' or p.termination_kind <> 'terminated')
    ) before`);
  return new Map(
    rows.map((row) => [
      row.place,
      {
        startsAfter: row.starts_after === null ? null : BigInt(row.starts_after),
        endsWith: row.ends_with === null ? null : BigInt(row.ends_with),
        firstStartedAt: Number(row.first_started_at ?? 0),
      },
    ]),
  );
}

/** Whether events must be read one by one to tell whose they are. */
export const sharesAnInstant = (handover: Handover | undefined): boolean =>
  handover !== undefined && (handover.startsAfter !== null || handover.endsWith !== null);

/**
 * What of the usage in a bill's window is the bill's own. A carried-over level begins with the service: what was sent
 * before it ever began was never persisted by a bill (semantics 5.5).
 */
export function ownUsage(
  usage: ChargeUsageFacts,
  { windows, startedAt, terminatedAt }: Pick<SubscriptionBillFacts, 'windows' | 'startedAt' | 'terminatedAt'>,
  charge: ChargeFacts,
  handover: Handover | undefined,
): ChargeUsageFacts {
  if (usage.kind === 'sum' || !handover) return usage;
  const { startsAfter, endsWith, firstStartedAt } = handover;
  const isEarlier = ({ timestamp, sequence }: UsageEvent) =>
    startsAfter !== null &&
    windows.chargesFrom === startedAt &&
    timestamp === startedAt &&
    sequence <= startsAfter;
  const isLater = ({ timestamp, sequence }: UsageEvent) =>
    endsWith !== null && timestamp === terminatedAt && sequence > endsWith;
  const events = usage.events.filter((event) => !isEarlier(event) && !isLater(event));
  const before = charge.metric.recurring
    ? [...usage.history, ...usage.events.filter((event) => isEarlier(event) && !isLater(event))]
    : usage.history;
  const history = averagesLevel(charge)
    ? before.filter(({ timestamp }) => timestamp >= firstStartedAt)
    : before;
  return { ...usage, events, history };
}
