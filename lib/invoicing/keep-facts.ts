import { createHash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { events, invoiceFacts, invoices } from '@/db/schema';
import { canonicalJson, hashableFacts } from '@/lib/billing/invoice/canonical';
import type { InvoiceFacts } from '@/lib/billing/invoice/facts';
import type { RegroupFacts } from '@/lib/billing/invoice/regroup';
import { type BillingContext, isForecast } from './context';

/** The hash under which facts are kept: SHA-256 of their canonical text. */
export function factsHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Keeps what an invoice was computed from, so that it can be worked out again whenever somebody asks: canonical facts,
 * their hash, the engine's version and the last event that had arrived.
 */
export async function keepFacts(
  ctx: BillingContext,
  invoiceId: string,
  facts: InvoiceFacts | RegroupFacts,
): Promise<void> {
  if (isForecast(ctx)) return;
  const { tx, organizationId } = ctx;
  const text = canonicalJson(facts.type === 'advance_charges' ? facts : hashableFacts(facts));
  const hash = factsHash(text);
  await tx
    .insert(invoiceFacts)
    .values({
      organizationId,
      invoiceId,
      engineVersion: facts.engineVersion,
      facts: text,
      hash,
      eventWatermark:
        ctx.watermark?.toString() ??
        sql`(select coalesce(max(${events.sequence}), 0)::text from ${events} where ${events.organizationId} = ${organizationId})`,
      createdAt: new Date(ctx.now),
    })
    .onConflictDoNothing();
  await tx
    .update(invoices)
    .set({ factsHash: hash, engineVersion: facts.engineVersion })
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, invoiceId)));
}
