import { z } from 'zod';
import { identifier, instant, oneOf, optionalFlag, optionalText, text } from '@/lib/commands/core/fields';
import { type ThresholdInput, thresholdsInput } from '@/lib/commands/plans/input';
import { planOverridesInput } from '@/lib/commands/plans/override-patch';

/** A subscription as the wire sends it (API contract, section 4). */
const CREDIT_NOTE_MODES = ['credit', 'refund', 'offset', 'skip'] as const;
const terminationNote = z.enum(CREDIT_NOTE_MODES, { error: 'invalid_value' });
const terminationInvoice = z.enum(['generate', 'skip'], { error: 'invalid_value' });

interface PaymentMethod {
  payment_method_type?: unknown;
  payment_method_id?: unknown;
}

/** Nothing but the customer's own default or payment by hand: no other methods are kept here that could be named. */
const paymentMethod = z
  .custom<PaymentMethod | null>((given) => {
    if (given === null) return true;
    if (typeof given !== 'object' || given === undefined) return false;
    const { payment_method_type: type, payment_method_id: id } = given as PaymentMethod;
    return (type == null || type === 'provider' || type === 'manual') && id == null;
  }, 'invalid_payment_method')
  .meta({ wire: { type: 'object' } })
  .optional();

const activationRules = z
  .array(z.object({ type: z.literal('payment', { error: 'invalid_type' }) }, { error: 'invalid_format' }), {
    error: 'invalid_format',
  })
  .nullish();

const shared = {
  payment_method: paymentMethod,
  name: optionalText(),
  subscription_at: instant().nullish(),
  ending_at: instant().nullish(),
  on_termination_credit_note: terminationNote.nullish(),
  on_termination_invoice: terminationInvoice.nullish(),
  progressive_billing_disabled: optionalFlag(),
  consolidate_invoice: optionalFlag(),
  purchase_order_number: optionalText(),
  billing_entity_code: identifier().nullish(),
  usage_thresholds: thresholdsInput(),
  plan_overrides: planOverridesInput.nullish(),
};

interface Thresholds {
  usage_thresholds?: unknown;
  plan_overrides?: { usage_thresholds?: unknown } | null;
}

/** Thresholds are the subscription's or its own plan's, never both. */
function thresholdsOnce({ usage_thresholds: own, plan_overrides: overrides }: Thresholds): boolean {
  return !own || !overrides?.usage_thresholds;
}
const incompatible = { path: ['usage_thresholds'], error: 'incompatible_params' };

const created = z.object({
  ...shared,
  external_customer_id: text(),
  plan_code: text(),
  external_id: text(),
  billing_time: oneOf(['calendar', 'anniversary']).nullish(),
  billing_entity_id: identifier().nullish(),
  activation_rules: activationRules,
});
export const subscriptionInput = created.refine(thresholdsOnce, incompatible);
export type SubscriptionInput = z.infer<typeof subscriptionInput>;

export const subscriptionChanges = z.object(shared).refine(thresholdsOnce, incompatible);

export const terminationInput = z.object({
  on_termination_credit_note: terminationNote.nullish(),
  on_termination_invoice: terminationInvoice.nullish(),
});

/** Thresholds as the commands take them. */
export function thresholdsOf(given: ThresholdInput[] | null | undefined) {
  return given?.map((threshold) => ({
    amountMinor: threshold.amount_cents,
    displayName: threshold.threshold_display_name ?? null,
    recurring: threshold.recurring ?? false,
  }));
}
