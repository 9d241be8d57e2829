import { and, count, eq, isNotNull, sql } from 'drizzle-orm';
import { counters, invoices } from '@/db/schema';
import { localDate } from '@/lib/billing/periods/zone';
import { isSelfBilled } from './billed-customer';
import type { BillingContext } from './context';
import type { BilledCustomer } from './customers';

interface InvoiceNumber {
  number: string;
  sequentialId: number;
  entitySequentialId: number | null;
}

/**
 * Takes the next value of a series. The row lock makes the series gapless, so this comes last in a transaction and never
 * in a preview.
 */
export async function nextValue({ tx, organizationId }: BillingContext, series: string): Promise<number> {
  const [row] = await tx
    .insert(counters)
    .values({ organizationId, series, lastValue: 1n })
    .onConflictDoUpdate({
      target: [counters.organizationId, counters.series],
      set: { lastValue: sql`${counters.lastValue} + 1` },
    })
    .returning({ value: counters.lastValue });
  return Number(row?.value ?? 1n);
}

const padded = (value: number) => String(value).padStart(3, '0');
const entitySeries = (entityId: string) => `invoice:entity:${entityId}`;

/**
 * The numbers of invoices being finalised, in their order (semantics 12.3). Every series is moved once by as many as it
 * gives, in the order of their names, an entity's own after those of its customers.
 */
export async function takeInvoiceNumbers(
  ctx: BillingContext,
  invoices: BilledCustomer[],
): Promise<InvoiceNumber[]> {
  if (invoices.length === 0) return [];
  const take = await takeValues(ctx, invoices.flatMap(seriesOf));
  return invoices.map((billed) => {
    const { customer, entity, timezone } = billed;
    const [own = '', shared] = seriesOf(billed);
    const sequentialId = take(own);
    if (shared === undefined) {
      const number = `${entity.documentNumberPrefix}-${padded(customer.sequentialId)}-${padded(sequentialId)}`;
      return { number, sequentialId, entitySequentialId: null };
    }
    const entitySequentialId = take(shared);
    const month = localDate(ctx.now, entity.timezone || timezone)
      .slice(0, 7)
      .replace('-', '');
    return {
      number: `${entity.documentNumberPrefix}-${month}-${padded(entitySequentialId)}`,
      sequentialId,
      entitySequentialId,
    };
  });
}

function seriesOf(billed: BilledCustomer): string[] {
  const { customer, entity } = billed;
  const own = `invoice:customer:${customer.id}:${entity.id}`;
  return entity.documentNumbering === 'per_customer' || isSelfBilled(billed)
    ? [own]
    : [own, entitySeries(entity.id)];
}

/** Moves each series by as often as it is named; the answer gives its values one by one. */
async function takeValues(
  { tx, organizationId }: BillingContext,
  wanted: string[],
): Promise<(series: string) => number> {
  const counts = new Map<string, number>();
  for (const series of wanted) counts.set(series, (counts.get(series) ?? 0) + 1);
  const asked = [...counts].map(([series, n]) => ({ series, n }));
  const rows = await tx.execute<{ series: string; last: string }>(sql`
    insert into counters (organization_id, series, last_value)
    select ${organizationId}::uuid, q.series, q.n from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      as q(series text, n bigint) order by q.series
    on conflict (organization_id, series) do update set last_value = counters.last_value + excluded.last_value
    returning series, last_value::text as last`);
  const next = new Map(
    rows.map(({ series, last }) => [series, Number(last) - (counts.get(series) ?? 0) + 1]),
  );
  return (series) => {
    const value = next.get(series);
    if (value === undefined) throw new Error(`no value came back for the series ${series}`);
    next.set(series, value + 1);
    return value;
  };
}

/** On the switch to per-entity numbering the series goes on from the count of numbered invoices (semantics 12.3). */
export async function startEntitySeries(ctx: BillingContext, entityId: string): Promise<void> {
  const { tx, organizationId } = ctx;
  const [row] = await tx
    .select({ numbered: count() })
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        eq(invoices.billingEntityId, entityId),
        isNotNull(invoices.number),
        eq(invoices.selfBilled, false),
      ),
    );
  const lastValue = BigInt(row?.numbered ?? 0);
  await tx
    .insert(counters)
    .values({ organizationId, series: entitySeries(entityId), lastValue })
    .onConflictDoUpdate({ target: [counters.organizationId, counters.series], set: { lastValue } });
}
