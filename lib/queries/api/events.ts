import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { billableMetrics } from '@/db/schema';
import { type Listed, offsetOf, type PageWindow } from './page.ts';

/** An event with the subscription its time falls into, where there is one. */
export interface EventObject {
  id: string;
  transactionId: string;
  externalSubscriptionId: string;
  code: string;
  /** Epoch milliseconds. */
  timestamp: number;
  properties: Record<string, unknown>;
  preciseTotalAmountMinor: string | null;
  /** Epoch milliseconds. */
  ingestedAt: number;
  customerId: string | null;
  subscriptionId: string | null;
}

export interface EventFilters {
  code?: string;
  externalSubscriptionId?: string;
  from?: Date;
  to?: Date;
  transactionId?: string;
}

function conditions(organizationId: string, filters: EventFilters): SQL {
  const { code, externalSubscriptionId, from, to, transactionId } = filters;
  const parts = [
    sql`e.organization_id = ${organizationId}`,
    ...(code === undefined ? [] : [sql`e.code = ${code}`]),
    ...(externalSubscriptionId === undefined
      ? []
      : [sql`e.external_subscription_id = ${externalSubscriptionId}`]),
    ...(transactionId === undefined ? [] : [sql`e.transaction_id = ${transactionId}`]),
    ...(from ? [sql`e."timestamp" >= ${from.toISOString()}::timestamptz`] : []),
    ...(to ? [sql`e."timestamp" <= ${to.toISOString()}::timestamptz`] : []),
  ];
  return sql.join(parts, sql` and `);
}

interface Row {
  [column: string]: unknown;
  id: string;
  transaction_id: string;
  external_subscription_id: string;
  code: string;
  at: string;
  properties: Record<string, unknown>;
  amount: string | null;
  ingested: string;
  customer_id: string | null;
  subscription_id: string | null;
}

async function load(tx: Tx, organizationId: string, where: SQL, limit: number, offset: number) {
  const rows = await tx.execute<Row>(sql`
    select e.id, e.transaction_id, e.external_subscription_id, e.code, e.properties,
           (extract(epoch from e."timestamp") * 1000)::bigint::text as at,
           (extract(epoch from e.ingested_at) * 1000)::bigint::text as ingested,
           e.precise_total_amount_minor::text as amount, s.customer_id, s.id as subscription_id
    from (select * from events e where ${where} order by e."sequence" desc limit ${limit} offset ${offset}) e
    left join lateral (
      select s.id, s.customer_id from subscriptions s
      where s.organization_id = ${organizationId} and s.external_id = e.external_subscription_id
        and s.started_at <= e."timestamp" and (s.terminated_at is null or s.terminated_at >= e."timestamp")
      order by s.started_at desc limit 1
    ) s on true
    order by e."sequence" desc`);
  return rows.map(
    (row): EventObject => ({
      id: row.id,
      transactionId: row.transaction_id,
      externalSubscriptionId: row.external_subscription_id,
      code: row.code,
      timestamp: Number(row.at),
      properties: row.properties,
      preciseTotalAmountMinor: row.amount,
      ingestedAt: Number(row.ingested),
      customerId: row.customer_id,
      subscriptionId: row.subscription_id,
    }),
  );
}

/** Stored events, latest arrival first. */
export async function listEvents(
  tx: Tx,
  organizationId: string,
  filters: EventFilters,
  window: PageWindow,
): Promise<Listed<EventObject>> {
  const where = conditions(organizationId, filters);
  const counted = await tx.execute<{ n: string }>(
    sql`select count(*)::text as n from events e where ${where}`,
  );
  const rows = await load(tx, organizationId, where, window.perPage, offsetOf(window));
  return { totalCount: Number(counted[0]?.n ?? 0), rows };
}

/** The latest event with this transaction id, whatever its subscription; null when there is none. */
export async function findEvent(
  tx: Tx,
  organizationId: string,
  transactionId: string,
): Promise<EventObject | null> {
  const [event] = await load(tx, organizationId, conditions(organizationId, { transactionId }), 1, 0);
  return event ?? null;
}

/** How a meter reads its events. */
export type MetricOfEvents = Pick<
  typeof billableMetrics.$inferSelect,
  'code' | 'aggregationType' | 'fieldName'
>;

/** The living meters of these codes, by code. */
export async function metricsOf(
  tx: Tx,
  organizationId: string,
  codes: string[],
): Promise<Map<string, MetricOfEvents>> {
  if (codes.length === 0) return new Map();
  const { code, aggregationType, fieldName } = billableMetrics;
  const rows = await tx
    .select({ code, aggregationType, fieldName })
    .from(billableMetrics)
    .where(
      and(
        eq(billableMetrics.organizationId, organizationId),
        inArray(code, [...new Set(codes)]),
        isNull(billableMetrics.deletedAt),
      ),
    );
  return new Map(rows.map((metric) => [metric.code, metric]));
}
