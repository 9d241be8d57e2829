import { z } from 'zod';
import { identifier, instant, oneOf, optionalFlag, optionalText, text } from '@/lib/commands/core/fields';
import { thresholdInput } from '@/lib/commands/plans/input';
import { planOverridesInput } from '@/lib/commands/plans/override-patch';

/** A subscription as the wire sends it (API contract, section 4). */
const CREDIT_NOTE_MODES = ['credit', 'refund', 'offset', 'skip'] as const;
const terminationNote = z.enum(CREDIT_NOTE_MODES, { error: 'invalid_value' });
const terminationInvoice = z.enum(['generate', 'skip'], { error: 'invalid_value' });

const shared = {
  name: optionalText(),
  subscription_at: instant().nullish(),
  ending_at: instant().nullish(),
  on_termination_credit_note: terminationNote.nullish(),
  on_termination_invoice: terminationInvoice.nullish(),
  progressive_billing_disabled: optionalFlag(),
  consolidate_invoice: optionalFlag(),
  purchase_order_number: optionalText(),
  billing_entity_code: identifier().nullish(),
  usage_thresholds: z.array(thresholdInput, { error: 'must_be_an_array' }).nullish(),
  plan_overrides: planOverridesInput.nullish(),
};

export const subscriptionInput = z.object({
  ...shared,
  external_customer_id: text(),
  plan_code: text(),
  external_id: text(),
  billing_time: oneOf(['calendar', 'anniversary']).nullish(),
  billing_entity_id: identifier().nullish(),
});
export type SubscriptionInput = z.infer<typeof subscriptionInput>;

export const subscriptionChanges = z.object(shared);

export const terminationInput = z.object({
  on_termination_credit_note: terminationNote.nullish(),
  on_termination_invoice: terminationInvoice.nullish(),
});

/** Thresholds as the commands take them. */
export function thresholdsOf(given: z.infer<typeof thresholdInput>[] | null | undefined) {
  return given?.map((threshold) => ({
    amountMinor: threshold.amount_cents,
    displayName: threshold.threshold_display_name ?? null,
    recurring: threshold.recurring ?? false,
  }));
}
