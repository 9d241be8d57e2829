import { z } from 'zod';
import { INTERVALS } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { CHARGE_MODEL_NAMES } from '@/lib/billing/pricing/registry';
import {
  codes,
  currency,
  decimal,
  flag,
  identifier,
  minorUnits,
  oneOf,
  optionalDecimal,
  optionalFlag,
  optionalMinorUnits,
  optionalText,
  text,
} from '../core/fields.ts';

/** Plans as the wire sends them (API contract 2.2); field errors name the wire's members. */
const properties = z.record(z.string(), z.unknown(), { error: 'value_is_invalid' });

export const filterInput = z.object({
  /** Keeps the filter what it is though its values change; without one, the same values make the same filter. */
  id: z.string().nullish(),
  invoice_display_name: optionalText(),
  properties: properties.nullish(),
  values: z
    .record(
      z.string(),
      z.array(text(), { error: 'value_is_mandatory' }).min(1, { error: 'value_is_mandatory' }),
      {
        error: 'value_is_mandatory',
      },
    )
    .refine((values) => Object.keys(values).length > 0, { error: 'value_is_mandatory' }),
});
export type FilterInput = z.infer<typeof filterInput>;

export const chargeInput = z.object({
  id: z.string().nullish(),
  billable_metric_id: identifier('value_is_mandatory').nullish(),
  charge_model: oneOf(CHARGE_MODEL_NAMES).nullish(),
  code: optionalText(255),
  invoice_display_name: optionalText(),
  pay_in_advance: optionalFlag(),
  prorated: optionalFlag(),
  invoiceable: optionalFlag(),
  regroup_paid_fees: oneOf(['invoice']).nullish(),
  min_amount_cents: optionalMinorUnits(),
  accepts_target_wallet: optionalFlag(),
  applied_pricing_unit: z.object({ code: optionalText(), conversion_rate: optionalDecimal() }).nullish(),
  properties: properties.nullish(),
  filters: z.array(filterInput, { error: 'must_be_an_array' }).nullish(),
  tax_codes: codes().nullish(),
});
export type ChargeInput = z.infer<typeof chargeInput>;

export const fixedChargeInput = z.object({
  id: z.string().nullish(),
  add_on_id: z.string().nullish(),
  add_on_code: z.string().nullish(),
  charge_model: oneOf(['standard', 'graduated', 'volume']).nullish(),
  code: optionalText(255),
  invoice_display_name: optionalText(),
  units: optionalDecimal(),
  pay_in_advance: optionalFlag(),
  prorated: optionalFlag(),
  properties: properties.nullish(),
  tax_codes: codes().nullish(),
  apply_units_immediately: optionalFlag(),
});
export type FixedChargeInput = z.infer<typeof fixedChargeInput>;

/** Days of trial; may be fractional. */
export const trialPeriod = () =>
  decimal()
    .refine((days) => !Exact.parse(days)?.isNegative(), { error: 'value_is_out_of_range' })
    .nullish();

const thresholdInput = z.object({
  id: z.string().nullish(),
  amount_cents: minorUnits().refine((amount) => amount > 0n, { error: 'value_is_out_of_range' }),
  threshold_display_name: optionalText(),
  recurring: optionalFlag(),
});
export type ThresholdInput = z.infer<typeof thresholdInput>;

/** Thresholds of a plan or subscription: each amount once, and one step at most that recurs (semantics 7.2). */
export const thresholdsInput = () =>
  z
    .array(thresholdInput, { error: 'must_be_an_array' })
    .superRefine((thresholds, ctx) => {
      const keys = thresholds.map(({ amount_cents, recurring }) => `${amount_cents}:${recurring ?? false}`);
      if (new Set(keys).size < keys.length) {
        ctx.addIssue({ code: 'custom', path: ['amount_cents'], message: 'value_is_duplicated' });
      }
      if (thresholds.filter(({ recurring }) => recurring).length > 1) {
        ctx.addIssue({ code: 'custom', message: 'multiple_recurring_thresholds' });
      }
    })
    .nullish();

export const commitmentInput = z.object({
  amount_cents: optionalMinorUnits(),
  invoice_display_name: optionalText(),
  tax_codes: codes().nullish(),
});
export type CommitmentInput = z.infer<typeof commitmentInput>;

export const planInput = z.object({
  name: text(),
  code: text(),
  interval: oneOf(INTERVALS),
  amount_cents: minorUnits(),
  amount_currency: currency(),
  pay_in_advance: flag().default(false),
  invoice_display_name: optionalText(),
  description: optionalText(),
  trial_period: trialPeriod(),
  bill_charges_monthly: optionalFlag(),
  bill_fixed_charges_monthly: optionalFlag(),
  tax_codes: codes().nullish(),
  minimum_commitment: commitmentInput.nullish(),
  charges: z.array(chargeInput, { error: 'must_be_an_array' }).nullish(),
  fixed_charges: z.array(fixedChargeInput, { error: 'must_be_an_array' }).nullish(),
  usage_thresholds: thresholdsInput(),
  metadata: z.record(z.string(), z.string().nullable(), { error: 'value_is_invalid' }).nullish(),
});
export type PlanInput = z.infer<typeof planInput>;

export const planChanges = planInput
  .partial()
  .extend({ pay_in_advance: optionalFlag(), cascade_updates: optionalFlag() });
export type PlanChanges = z.infer<typeof planChanges>;
