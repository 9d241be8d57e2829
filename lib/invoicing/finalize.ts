import { and, eq, inArray, sql } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { invoices } from '@/db/schema';
import { startOfDay } from '@/lib/billing/periods/zone';
import { invoicesFinalized } from '@/lib/ledger/entries';
import { scheduleAll } from '@/lib/schedule/due';
import { announceAll, type WebhookType } from '@/lib/schedule/outbox';
import { type BillingContext, isForecast } from './context';
import type { BilledCustomer } from './customers';
import type { DateRules } from './dates';
import { takeInvoiceNumbers } from './number';
import { readInvoice } from './write-invoice';

/** The customer's rules for dates, falling back to the entity's (semantics 12.4). */
export function dateRules({ customer, entity }: BilledCustomer): DateRules {
  return {
    gracePeriod: customer.invoiceGracePeriod ?? entity.invoiceGracePeriod,
    anchor: customer.subscriptionInvoiceIssuingDateAnchor ?? entity.subscriptionInvoiceIssuingDateAnchor,
    adjustment:
      customer.subscriptionInvoiceIssuingDateAdjustment ?? entity.subscriptionInvoiceIssuingDateAdjustment,
    netPaymentTerm: customer.netPaymentTerm ?? entity.netPaymentTerm,
  };
}

type InvoiceRow = typeof invoices.$inferSelect;

const CREATED: Partial<Record<InvoiceRow['invoiceType'], WebhookType>> = {
  one_off: 'invoice.one_off_created',
  credit: 'invoice.paid_credit_added',
};

/** An invoice whose figures stand, with what is known of it. */
export interface Finishing {
  billed: BilledCustomer;
  invoice: Pick<
    InvoiceRow,
    | 'id'
    | 'customerId'
    | 'currency'
    | 'invoiceType'
    | 'subTotalExcludingTaxesMinor'
    | 'taxesAmountMinor'
    | 'totalAmountMinor'
    | 'paymentDueDate'
    | 'billedAt'
    | 'releaseAt'
  >;
  /** The hash of its facts, where they are kept, and the engine that worked it out. */
  facts?: { hash: string; engineVersion: string };
}

/** Finishes an invoice as it is stored: see `completeInvoices`. */
export async function completeInvoice(
  ctx: BillingContext,
  billed: BilledCustomer,
  invoiceId: string,
): Promise<void> {
  const invoice = await readInvoice(ctx, invoiceId);
  if (!invoice) throw new Error(`invoice ${invoiceId} vanished inside its own transaction`);
  await completeInvoices(ctx, [{ billed, invoice }]);
}

/**
 * Finishes invoices whose figures stand: status, postings, what falls due after them, announcement, and last of all their
 * numbers (the counter's lock makes a series gapless; a preview takes none).
 */
export async function completeInvoices(ctx: BillingContext, finishing: Finishing[]): Promise<void> {
  if (finishing.length === 0) return;
  if (isForecast(ctx)) noteFinished(ctx, finishing);
  else await tellOfInvoices(ctx, finishing);
  const numbers =
    ctx.mode === 'preview'
      ? []
      : await takeInvoiceNumbers(
          ctx,
          finishing.map(({ billed }) => billed),
        );
  const rows = finishing.map(({ invoice, facts }, place) => ({
    id: invoice.id,
    number: numbers[place]?.number ?? null,
    own: numbers[place]?.sequentialId ?? null,
    shared: numbers[place]?.entitySequentialId ?? null,
    hash: facts?.hash ?? null,
    engine: facts?.engineVersion ?? null,
  }));
  const at = new Date(ctx.now).toISOString();
  await ctx.tx.execute(sql`
    update invoices i set status = 'finalized', finalized_at = ${at}::timestamptz, updated_at = ${at}::timestamptz,
      release_at = null, refresh_flagged_at = null, number = q.number, sequential_id = q.own,
      entity_sequential_id = q.shared, facts_hash = coalesce(q.hash, i.facts_hash),
      engine_version = coalesce(q.engine, i.engine_version)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as q(id uuid, number text, own int, shared int, hash text, engine text)
    where i.organization_id = ${ctx.organizationId} and i.id = q.id`);
}

/** Notes the bills a forecast has made. A held act's invoice is not one that is still to come. */
function noteFinished({ projection }: BillingContext, finishing: Finishing[]): void {
  for (const { invoice } of finishing) {
    const isBill = invoice.invoiceType === 'subscription' && invoice.releaseAt === null;
    if (isBill) projection?.finished.set(invoice.id, invoice.billedAt.getTime());
  }
}

async function tellOfInvoices(ctx: BillingContext, finishing: Finishing[]): Promise<void> {
  const { tx, organizationId, now } = ctx;
  await invoicesFinalized(
    ctx,
    finishing.map(({ invoice }) => ({ ...invoice, status: 'finalized' })),
  );
  await scheduleAll(
    tx,
    organizationId,
    now,
    finishing.flatMap(({ invoice: { id, customerId, totalAmountMinor, paymentDueDate } }) =>
      totalAmountMinor > 0n && paymentDueDate
        ? [
            {
              kind: 'invoice.overdue' as const,
              key: 'once',
              // Overdue the day after the due date, by the UTC date (semantics 12.8).
              dueAt: startOfDay(paymentDueDate, 'UTC') + 86_400_000,
              customerId,
              subjectId: id,
            },
          ]
        : [],
    ),
  );
  await announceAll(
    tx,
    organizationId,
    now,
    finishing.map(({ invoice }) => ({
      type: CREATED[invoice.invoiceType] ?? 'invoice.created',
      objectId: invoice.id,
    })),
  );
}

/**
 * Flags drafts whose plan, taxes or metrics changed; each falls due now to be worked out again (semantics 12.5). Returns
 * how many.
 */
export async function flagDrafts(
  { tx, organizationId, now }: BillingContext,
  customerIds: string[] | 'all',
): Promise<number> {
  const rows = await tx
    .update(invoices)
    .set({ refreshFlaggedAt: new Date(now) })
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        eq(invoices.status, 'draft'),
        sql`${invoices.releaseAt} is null`,
        ...(customerIds === 'all' ? [] : [inArray(invoices.customerId, customerIds)]),
      ),
    )
    .returning({ id: invoices.id, customerId: invoices.customerId });
  await scheduleAll(
    tx,
    organizationId,
    now,
    rows.map(({ id, customerId }) => ({
      kind: 'invoice.refresh',
      // A hand-moved clock may stand still between two changes: the instant alone would not name the occasion.
      key: newId(),
      dueAt: now,
      customerId,
      subjectId: id,
    })),
  );
  return rows.length;
}
