import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { charges, fees, invoiceSubscriptions, subscriptions } from '@/db/schema';
import type { FeeAdjustmentFacts } from '@/lib/billing/invoice/facts';
import { Exact } from '@/lib/billing/money/exact';
import { formatMoney } from '@/lib/billing/money/format';
import { keepAdjustment } from '@/lib/invoicing/adjusted-fees';
import { lockCustomer } from '@/lib/invoicing/customers';
import { loadPlans, planKey } from '@/lib/invoicing/load-plan';
import { type InvoiceRow, lockInvoice } from '@/lib/invoicing/payments';
import { refreshDraft } from '@/lib/invoicing/refresh';
import { invalid, notAllowed, notFound } from '@/lib/schedule/errors';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { identifier, isUuid, optionalDecimal, optionalText } from '../core/fields.ts';
import { findInvoice } from './find.ts';

type Change = Omit<FeeAdjustmentFacts, 'lineKey'>;

const line = {
  id: identifier(),
  /** A line of the draft… */
  fee_id: identifier().nullish(),
  /** …or a charge of a subscription on it that has no line yet… */
  external_subscription_id: optionalText(),
  charge_id: identifier().nullish(),
  charge_filter_id: identifier().nullish(),
  /** …or a line by the engine's own name, as undo says it. */
  line_key: optionalText(),
};

const adjustInput = z.object({
  ...line,
  units: optionalDecimal(),
  unit_precise_amount: optionalDecimal(),
  invoice_display_name: optionalText(255),
});
type AdjustInput = z.infer<typeof adjustInput>;

interface Line {
  key: string;
  name: string;
  chargeId: string | null;
}

/**
 * Changes a line of a draft (semantics 6.15): its units, priced again by the line's own model; units and the price of one;
 * or only its name. Stays until the invoice leaves, however often the draft is worked out again. Throws not_found, invalid
 * (`units`, `unit_precise_amount`) and not_allowed once the invoice is no draft.
 */
export const adjustLine = defineCommand<AdjustInput, InvoiceRow>({
  name: 'invoices/adjust-line',
  input: adjustInput,
  right: 'invoices.issue',
  reason: 'required',
  undo: 'reversible',
  invoiceOf: ({ id }) => id,
  async run(ctx, given) {
    const before = await openDraft(ctx, given.id);
    const target = await lineOf(ctx, before, given);
    const change = changeOf(given);
    await assertPriceable(ctx, target, change);
    const earlier = await keepAdjustment(ctx, before.id, target.key, change);
    await refreshDraft(ctx, before.id);
    return outcome(ctx, before, await titleOf(ctx, before, target, change), target.key, earlier);
  },
});

const restoreInput = z.object(line);

/** Takes the change of a line away: the draft is worked out as if nobody had touched it. Throws like adjustLine. */
export const restoreLine = defineCommand<z.infer<typeof restoreInput>, InvoiceRow>({
  name: 'invoices/restore-line',
  input: restoreInput,
  right: 'invoices.issue',
  reason: 'optional',
  undo: 'reversible',
  invoiceOf: ({ id }) => id,
  async run(ctx, given) {
    const before = await openDraft(ctx, given.id);
    const target = await lineOf(ctx, before, given);
    const earlier = await keepAdjustment(ctx, before.id, target.key, null);
    if (!earlier) return notFound('adjusted_fee');
    await refreshDraft(ctx, before.id);
    return outcome(ctx, before, `Put ${target.name} back as it was worked out`, target.key, earlier);
  },
});

async function openDraft(ctx: CommandContext, id: string): Promise<InvoiceRow> {
  const { customerId } = await findInvoice(ctx.tx, ctx.organizationId, id);
  await lockCustomer(ctx, customerId);
  const draft = await lockInvoice(ctx, id);
  if (draft.status !== 'draft' || draft.invoiceType !== 'subscription') {
    notAllowed(
      'invalid_status',
      'Only lines of a draft can be changed. Cancel the invoice and bill again instead.',
    );
  }
  return draft;
}

/** "Change Minutes to $49.60 on the draft": the amount that was worked out from what was given. */
async function titleOf(
  { tx, organizationId }: CommandContext,
  { id, currency }: InvoiceRow,
  { key, name }: Line,
  change: Change,
): Promise<string> {
  if (change.units === null) return `Rename ${name} to ${change.displayName} on the draft`;
  const [fee] = await tx
    .select({ amountMinor: fees.amountMinor })
    .from(fees)
    .where(and(eq(fees.organizationId, organizationId), eq(fees.invoiceId, id), eq(fees.lineKey, key)));
  return `Change ${name} to ${formatMoney(fee?.amountMinor ?? 0n, currency)} on the draft`;
}

async function outcome(
  ctx: CommandContext,
  before: InvoiceRow,
  title: string,
  lineKey: string,
  earlier: Change | null,
) {
  const after = await lockInvoice(ctx, before.id);
  const back = { id: before.id, line_key: lineKey };
  return {
    result: after,
    title,
    subject: { type: 'invoice', id: before.id },
    customerId: before.customerId,
    before: { totalAmountMinor: before.totalAmountMinor, adjustment: earlier },
    after: { totalAmountMinor: after.totalAmountMinor },
    inverse: earlier
      ? {
          command: 'invoices/adjust-line',
          input: {
            ...back,
            units: earlier.units,
            unit_precise_amount: earlier.unitPreciseAmount,
            invoice_display_name: earlier.displayName,
          },
        }
      : { command: 'invoices/restore-line', input: back },
  };
}

function changeOf({ units, unit_precise_amount, invoice_display_name }: AdjustInput): Change {
  const change = {
    units: units ?? null,
    unitPreciseAmount: unit_precise_amount ?? null,
    displayName: invoice_display_name ?? null,
  };
  if (change.units === null && change.displayName === null) {
    invalid({ units: ['value_is_mandatory'] }, 'Give units, units with a price of one, or a name.');
  }
  for (const [name, value] of [
    ['units', change.units],
    ['unit_precise_amount', change.unitPreciseAmount],
  ] as const) {
    if (value !== null && Exact.of(value).isNegative())
      invalid({ [name]: ['value_is_out_of_range'] }, 'Lines are never negative. Use a credit note instead.');
  }
  return change;
}

/** Units alone cannot say what a percentage of events or a walk through days costs (semantics 6.15). */
async function assertPriceable(ctx: CommandContext, target: Line, change: Change): Promise<void> {
  if (!target.chargeId || change.units === null || change.unitPreciseAmount !== null) return;
  const [charge] = await ctx.tx
    .select({ model: charges.chargeModel, prorated: charges.prorated })
    .from(charges)
    .where(and(eq(charges.organizationId, ctx.organizationId), eq(charges.id, target.chargeId)));
  const walked = charge?.model === 'percentage' || (charge?.model === 'graduated' && charge.prorated);
  if (walked)
    invalid({ charge: ['invalid_charge_model'] }, 'Give the price of one unit as well for this charge.');
}

async function lineOf(
  ctx: CommandContext,
  { id: invoiceId }: InvoiceRow,
  given: z.infer<typeof restoreInput>,
): Promise<Line> {
  const { tx, organizationId } = ctx;
  const on = and(eq(fees.organizationId, organizationId), eq(fees.invoiceId, invoiceId));
  if (given.line_key) {
    const [fee] = await tx
      .select()
      .from(fees)
      .where(and(on, eq(fees.lineKey, given.line_key)));
    return { key: given.line_key, name: fee?.itemName ?? 'a line', chargeId: fee?.chargeId ?? null };
  }
  if (given.fee_id) {
    const [fee] = isUuid(given.fee_id)
      ? await tx
          .select()
          .from(fees)
          .where(and(on, eq(fees.id, given.fee_id)))
      : [];
    if (!fee) return notFound('fee');
    if (!fee.lineKey) return notAllowed('invalid_status', 'Work the draft out again first.');
    return { key: fee.lineKey, name: fee.invoiceDisplayName ?? fee.itemName, chargeId: fee.chargeId };
  }
  if (!given.charge_id || !given.external_subscription_id) {
    return invalid({ fee_id: ['value_is_mandatory'] }, 'Name the line, or the subscription and its charge.');
  }
  return unusedLine(ctx, invoiceId, given.external_subscription_id, given.charge_id, given.charge_filter_id);
}

/** A charge without usage has no line until somebody gives it units; it is one the draft bills, as is its filter. */
async function unusedLine(
  ctx: CommandContext,
  invoiceId: string,
  externalId: string,
  chargeId: string,
  filterId: string | null | undefined,
): Promise<Line> {
  const { tx, organizationId } = ctx;
  const [billed] = await tx
    .select({ subscriptionId: subscriptions.id, planVersionId: invoiceSubscriptions.planVersionId })
    .from(subscriptions)
    .innerJoin(
      invoiceSubscriptions,
      and(
        eq(invoiceSubscriptions.organizationId, organizationId),
        eq(invoiceSubscriptions.subscriptionId, subscriptions.id),
        eq(invoiceSubscriptions.invoiceId, invoiceId),
      ),
    )
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.externalId, externalId)));
  if (!billed) return notFound('subscription');
  const plan = (await loadPlans(ctx, [billed])).get(planKey(billed));
  const charge = plan?.charges.find(({ id }) => id === chargeId) ?? notFound('charge');
  if (filterId && !charge.filters.some(({ id }) => id === filterId)) notFound('charge_filter');
  return {
    key: `charge:${billed.subscriptionId}:${charge.id}:${filterId || 'default'}`,
    name: charge.code,
    chargeId: charge.id,
  };
}
