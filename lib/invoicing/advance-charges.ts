import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { among } from '@/db/among';
import { newId } from '@/db/ids';
import {
  charges,
  fees,
  feeTaxes,
  invoiceSubscriptions,
  invoices,
  invoiceTaxes,
  subscriptions,
} from '@/db/schema';
import { ENGINE_VERSION } from '@/lib/billing/invoice/facts';
import { type RegroupFacts, regroup } from '@/lib/billing/invoice/regroup';
import { localDate } from '@/lib/billing/periods/zone';
import { postEntry } from '@/lib/ledger/post';
import { isSelfBilled } from './billed-customer';
import type { BillingContext } from './context';
import { type BilledCustomer, loadCustomer } from './customers';
import { completeInvoice } from './finalize';
import { keepFacts } from './keep-facts';
import type { SubscriptionRow } from './load-bill';
import { invoiceTaxRow } from './write-invoice';

type FeeRow = typeof fees.$inferSelect;
type FeeTaxRow = typeof feeTaxes.$inferSelect;

interface PaidFees {
  billed: BilledCustomer;
  currency: string;
  fees: FeeRow[];
  taxes: FeeTaxRow[];
}

/**
 * Gathers lines that the client collected itself into an `advance_charges` invoice, at a billing or an end: paid, without
 * coupons or credits, its totals the sums of the lines' own amounts and rounded taxes (semantics 6.11). Lines still
 * waiting for their payment stay. Answers the invoices made, one per currency; none when nothing was paid.
 */
export async function regroupPaidFees(ctx: BillingContext, rows: SubscriptionRow[]): Promise<string[]> {
  return regroupAllPaidFees(ctx, [rows]);
}

/** The same for groups of agreements, each of one customer; groups without paid lines cost nothing of their own. */
export async function regroupAllPaidFees(
  ctx: BillingContext,
  groups: SubscriptionRow[][],
): Promise<string[]> {
  const paid = await loadPaid(ctx, groups.flat());
  const made: string[] = [];
  for (const group of paid.length === 0 ? [] : groups) {
    const of = new Set(group.map(({ customerId, externalId }) => `${customerId}:${externalId}`));
    const own = paid.filter(({ fee, externalId }) => of.has(`${fee.customerId}:${externalId}`));
    const [first] = group;
    if (!first || own.length === 0) continue;
    const billed = await loadCustomer(ctx, first.customerId, first.billingEntityId);
    made.push(
      ...(await makeInvoices(
        ctx,
        billed,
        own.map(({ fee }) => fee),
      )),
    );
  }
  return made;
}

async function makeInvoices(ctx: BillingContext, billed: BilledCustomer, paid: FeeRow[]): Promise<string[]> {
  const taxes = await ctx.tx
    .select()
    .from(feeTaxes)
    .where(
      and(
        eq(feeTaxes.organizationId, ctx.organizationId),
        inArray(
          feeTaxes.feeId,
          paid.map(({ id }) => id),
        ),
      ),
    )
    .orderBy(asc(feeTaxes.createdAt), asc(feeTaxes.id));
  const made: string[] = [];
  for (const currency of new Set(paid.map((fee) => fee.currency))) {
    const own = paid.filter((fee) => fee.currency === currency);
    const ids = new Set(own.map(({ id }) => id));
    made.push(
      await makeInvoice(ctx, {
        billed,
        currency,
        fees: own,
        taxes: taxes.filter(({ feeId }) => ids.has(feeId)),
      }),
    );
  }
  return made;
}

interface PaidFee {
  fee: FeeRow;
  externalId: string;
}

/** Paid lines without an invoice, of these agreements and of those they replaced. */
async function loadPaid({ tx, organizationId }: BillingContext, rows: SubscriptionRow[]): Promise<PaidFee[]> {
  if (rows.length === 0) return [];
  return tx
    .select({ fee: fees, externalId: subscriptions.externalId })
    .from(fees)
    .innerJoin(
      subscriptions,
      and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, fees.subscriptionId)),
    )
    .innerJoin(charges, and(eq(charges.organizationId, organizationId), eq(charges.id, fees.chargeId)))
    .where(
      and(
        eq(fees.organizationId, organizationId),
        among(fees.customerId, [...new Set(rows.map((row) => row.customerId))]),
        among(subscriptions.externalId, [...new Set(rows.map((row) => row.externalId))]),
        isNull(fees.invoiceId),
        isNull(fees.deletedAt),
        eq(fees.paymentStatus, 'succeeded'),
        eq(charges.regroupPaidFees, 'invoice'),
      ),
    )
    .orderBy(asc(fees.createdAt), asc(fees.id));
}

async function makeInvoice(ctx: BillingContext, paid: PaidFees): Promise<string> {
  const { tx, organizationId } = ctx;
  const { billed, currency } = paid;
  const now = new Date(ctx.now);
  const today = localDate(ctx.now, billed.timezone);
  const id = newId();
  const facts = factsOf(paid);
  const result = regroup(facts);
  const { feesAmountMinor: net, totalAmountMinor: total } = result;
  await tx.insert(invoices).values({
    organizationId,
    id,
    customerId: billed.customer.id,
    billingEntityId: billed.entity.id,
    invoiceType: 'advance_charges',
    status: 'generating',
    paymentStatus: 'succeeded',
    currency,
    timezone: billed.timezone,
    issuingDate: today,
    expectedFinalizationDate: today,
    paymentDueDate: today,
    feesAmountMinor: net,
    subTotalExcludingTaxesMinor: net,
    taxesAmountMinor: result.taxesAmountMinor,
    taxesRate: result.taxesRate.toDecimalString(5),
    subTotalIncludingTaxesMinor: total,
    totalAmountMinor: total,
    totalPaidAmountMinor: total,
    selfBilled: isSelfBilled(billed),
    billedAt: now,
    createdAt: now,
    updatedAt: now,
  });
  const write = { invoiceId: id, currency, createdAt: ctx.now };
  const taxLines = result.taxes.map((line) => invoiceTaxRow(line, organizationId, write));
  if (taxLines.length > 0) await tx.insert(invoiceTaxes).values(taxLines);
  for (const [position, fee] of paid.fees.entries()) {
    await tx
      .update(fees)
      .set({ invoiceId: id, position })
      .where(and(eq(fees.organizationId, organizationId), eq(fees.id, fee.id)));
  }
  await linkPeriods(ctx, id, paid.fees);
  await keepFacts(ctx, { invoiceId: id, billed, facts });
  await completeInvoice(ctx, billed, id);
  await postEntry(ctx, {
    sourceType: 'invoice',
    sourceId: id,
    entry: 'collected',
    customerId: billed.customer.id,
    occurredAt: ctx.now,
    lines: [
      { account: 'cash', amountMinor: total, currency },
      { account: 'receivable', amountMinor: -total, currency },
    ],
  });
  return id;
}

function factsOf({ currency, fees: lines, taxes }: PaidFees): RegroupFacts {
  return {
    engineVersion: ENGINE_VERSION,
    type: 'advance_charges',
    currency,
    lines: lines.map(({ id, amountMinor }) => ({
      id,
      amountMinor,
      taxes: taxes
        .filter(({ feeId }) => feeId === id)
        .map((line) => ({
          tax: {
            id: line.taxId ?? '',
            code: line.taxCode,
            name: line.taxName,
            description: line.taxDescription,
            rate: line.taxRate,
          },
          amountMinor: line.amountMinor,
        })),
    })),
  };
}

/** Says which subscriptions the lines belong to, over the time they cover. */
async function linkPeriods(
  { tx, organizationId, now }: BillingContext,
  invoiceId: string,
  lines: FeeRow[],
): Promise<void> {
  const ids = [...new Set(lines.flatMap(({ subscriptionId }) => subscriptionId ?? []))];
  const rows = await tx
    .select({ id: subscriptions.id, planVersionId: subscriptions.planVersionId })
    .from(subscriptions)
    .where(and(eq(subscriptions.organizationId, organizationId), inArray(subscriptions.id, ids)));
  await tx.insert(invoiceSubscriptions).values(
    rows.map((row) => {
      const own = lines.filter(({ subscriptionId }) => subscriptionId === row.id);
      const from = new Date(Math.min(...own.map((fee) => (fee.fromDatetime ?? fee.createdAt).getTime())));
      const to = new Date(Math.max(...own.map((fee) => (fee.toDatetime ?? fee.createdAt).getTime())));
      return {
        organizationId,
        id: newId(),
        invoiceId,
        subscriptionId: row.id,
        planVersionId: row.planVersionId,
        invoicingReason: 'in_advance_charge_periodic' as const,
        recurring: false,
        timestamp: new Date(now),
        fromDatetime: from,
        toDatetime: to,
        chargesFromDatetime: from,
        chargesToDatetime: to,
      };
    }),
  );
}
