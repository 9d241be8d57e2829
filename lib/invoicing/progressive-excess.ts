import { and, eq, isNotNull } from 'drizzle-orm';
import { credits } from '@/db/schema';
import { computeInvoice } from '@/lib/billing/invoice/compute';
import type { InvoiceFacts } from '@/lib/billing/invoice/facts';
import type { InvoiceResult } from '@/lib/billing/invoice/result';
import type { BillingContext } from './context';
import { issueExcessCreditNote } from './credit-notes';

/**
 * An invoice worked out. Where it stands as it is, what progressive invoices billed beyond the period's usage is given back
 * first, as credit notes on them (semantics 7.2): the bill that found the excess is the first they may pay (14).
 */
export async function workedOut(
  ctx: BillingContext,
  facts: InvoiceFacts,
  { stands }: { stands: boolean },
): Promise<{ facts: InvoiceFacts; result: InvoiceResult }> {
  const result = computeInvoice(facts);
  if (!stands) return { facts, result };
  const notes: InvoiceFacts['creditNotes'] = [];
  for (const { invoiceId, excessMinor } of result.progressiveCredits) {
    notes.push(...(await creditExcess(ctx, invoiceId, excessMinor)));
  }
  if (notes.length === 0) return { facts, result };
  const credited = { ...facts, creditNotes: [...facts.creditNotes, ...notes] };
  return { facts: credited, result: computeInvoice(credited) };
}

/**
 * Notes on the invoice, and for what it was itself spared on the ones that had billed it before. `excessMinor` is before
 * tax.
 */
async function creditExcess(
  ctx: BillingContext,
  invoiceId: string,
  excessMinor: bigint,
): Promise<InvoiceFacts['creditNotes']> {
  if (excessMinor <= 0n) return [];
  const note = await issueExcessCreditNote(ctx, invoiceId, excessMinor);
  const own = note ? [asFacts(note)] : [];
  let left = excessMinor - (note?.subTotalExcludingTaxesMinor ?? 0n);
  for (const earlier of left > 0n ? await creditedBy(ctx, invoiceId) : []) {
    const spared = earlier.amountMinor < left ? earlier.amountMinor : left;
    own.push(...(await creditExcess(ctx, earlier.invoiceId, spared)));
    left -= spared;
  }
  return own;
}

type Note = NonNullable<Awaited<ReturnType<typeof issueExcessCreditNote>>>;

const asFacts = (note: Note): InvoiceFacts['creditNotes'][number] => ({
  id: note.id,
  invoiceId: note.invoiceId,
  currency: note.currency,
  balanceMinor: note.balanceAmountMinor,
  createdAt: note.createdAt.getTime(),
});

/** The progressive invoices whose amounts this one took back. */
async function creditedBy(
  { tx, organizationId }: BillingContext,
  invoiceId: string,
): Promise<{ invoiceId: string; amountMinor: bigint }[]> {
  const rows = await tx
    .select({ invoiceId: credits.progressiveInvoiceId, amountMinor: credits.amountMinor })
    .from(credits)
    .where(
      and(
        eq(credits.organizationId, organizationId),
        eq(credits.invoiceId, invoiceId),
        isNotNull(credits.progressiveInvoiceId),
      ),
    );
  return rows.flatMap(({ invoiceId: id, amountMinor }) => (id ? [{ invoiceId: id, amountMinor }] : []));
}
