import { and, count, eq, isNotNull, sql } from 'drizzle-orm';
import { counters, invoices } from '@/db/schema';
import { localDate } from '@/lib/billing/periods/zone';
import type { BillingContext } from './context';
import type { BillingEntityRow, CustomerRow } from './customers';

export interface InvoiceNumber {
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

/** The number of an invoice being finalised (semantics 12.3). */
export async function takeInvoiceNumber(
  ctx: BillingContext,
  customer: CustomerRow,
  entity: BillingEntityRow,
  timezone: string,
): Promise<InvoiceNumber> {
  const sequentialId = await nextValue(ctx, `invoice:customer:${customer.id}:${entity.id}`);
  if (entity.documentNumbering === 'per_customer') {
    const number = `${entity.documentNumberPrefix}-${padded(customer.sequentialId)}-${padded(sequentialId)}`;
    return { number, sequentialId, entitySequentialId: null };
  }
  const entitySequentialId = await nextValue(ctx, entitySeries(entity.id));
  const month = localDate(ctx.now, entity.timezone || timezone)
    .slice(0, 7)
    .replace('-', '');
  return {
    number: `${entity.documentNumberPrefix}-${month}-${padded(entitySequentialId)}`,
    sequentialId,
    entitySequentialId,
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
      ),
    );
  const lastValue = BigInt(row?.numbered ?? 0);
  await tx
    .insert(counters)
    .values({ organizationId, series: entitySeries(entityId), lastValue })
    .onConflictDoUpdate({ target: [counters.organizationId, counters.series], set: { lastValue } });
}
