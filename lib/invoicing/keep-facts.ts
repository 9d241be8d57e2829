import { createHash } from 'node:crypto';
import { and, eq, max } from 'drizzle-orm';
import { insertNewRows } from '@/db/insert-rows';
import { events, invoiceFacts, invoices } from '@/db/schema';
import { canonicalJson, hashableFacts } from '@/lib/billing/invoice/canonical';
import type { InvoiceFacts } from '@/lib/billing/invoice/facts';
import type { RegroupFacts } from '@/lib/billing/invoice/regroup';
import type { BilledCustomer } from './billed-customer';
import { type BillingContext, isForecast } from './context';
import { partiesOf } from './parties';

/** The hash under which facts are kept: SHA-256 of their canonical text. */
export function factsHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

interface Kept {
  invoiceId: string;
  billed: BilledCustomer;
  facts: InvoiceFacts | RegroupFacts;
}

/**
 * Keeps what an invoice was computed from, so that it can be worked out again whenever somebody asks: canonical facts,
 * their hash, the engine's version and the last event that had arrived. Also who its document names.
 */
export async function keepFacts(ctx: BillingContext, record: Kept): Promise<void> {
  const { invoiceId } = record;
  const [kept] = await keepAllFacts(ctx, [record]);
  if (!kept) return;
  await ctx.tx
    .update(invoices)
    .set({ factsHash: kept.hash, engineVersion: kept.engineVersion })
    .where(and(eq(invoices.organizationId, ctx.organizationId), eq(invoices.id, invoiceId)));
}

/** The same for any number of invoices in one statement; the caller writes the answers on them. A forecast keeps none. */
export async function keepAllFacts(
  ctx: BillingContext,
  all: Kept[],
): Promise<{ hash: string; engineVersion: string }[]> {
  if (isForecast(ctx) || all.length === 0) return [];
  const { tx, organizationId } = ctx;
  const watermark = await lastEvent(ctx);
  const plans = textsOfPlans(all);
  const rows = all.map(({ invoiceId, billed, facts }) => {
    const text = canonicalJson(facts.type === 'advance_charges' ? facts : hashableFacts(facts), plans);
    return {
      organizationId,
      invoiceId,
      engineVersion: facts.engineVersion,
      facts: text,
      hash: factsHash(text),
      parties: partiesOf(billed),
      eventWatermark: watermark.toString(),
      createdAt: new Date(ctx.now),
    };
  });
  await insertNewRows(tx, invoiceFacts, rows, 'invoice_id');
  return rows;
}

/** The canonical texts of the plans: most of what an invoice keeps, and the same on most of them. */
function textsOfPlans(all: Kept[]): Map<object, string> {
  const plans = new Set(
    all.flatMap(({ facts }) =>
      facts.type === 'advance_charges' ? [] : facts.subscriptions.map(({ plan }) => plan),
    ),
  );
  return new Map([...plans].map((plan) => [plan, canonicalJson(plan)]));
}

/** The last event that had arrived, or that may be counted. */
export async function lastEvent({ tx, organizationId, watermark }: BillingContext): Promise<bigint> {
  if (watermark !== undefined) return watermark;
  const [row] = await tx
    .select({ sequence: max(events.sequence) })
    .from(events)
    .where(eq(events.organizationId, organizationId));
  return row?.sequence ?? 0n;
}
