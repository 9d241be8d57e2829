import { type AggregationType, aggregations } from '../metering/registry.ts';
import { validateProperties } from './fields.ts';
import type { ChargeProperties, PropertyErrors } from './model.ts';
import { addError } from './properties.ts';
import { type ChargeModelName, chargeModels } from './registry.ts';

/** Which charge models, metrics and switches go together (semantics 5.3, 5.9, 6.11, 6.13). */

export interface ChargeTerms {
  model: ChargeModelName;
  properties: ChargeProperties;
  metric: { aggregationType: AggregationType; recurring: boolean };
  payInAdvance: boolean;
  prorated: boolean;
  minAmountMinor: bigint;
  invoiceable: boolean;
  regroupPaidFees: 'invoice' | null;
}

function mayProrate({ model, metric, payInAdvance }: ChargeTerms): boolean {
  if (!metric.recurring || metric.aggregationType === 'weighted_sum_agg') return false;
  const { mayProrate: when } = chargeModels[model];
  return when === 'always' || (when === 'in_arrears' && !payInAdvance);
}

/** Field → codes for a usage charge; empty when it may be saved. */
export function validateCharge(charge: ChargeTerms): PropertyErrors {
  const { model, metric, payInAdvance } = charge;
  const errors = validateProperties(chargeModels[model], charge.properties);
  const mismatch = 'invalid_aggregation_type_or_charge_model';
  if (chargeModels[model].refuses?.(metric.aggregationType)) addError(errors, 'charge_model', mismatch);
  if (
    payInAdvance &&
    (!chargeModels[model].mayPayInAdvance || !aggregations[metric.aggregationType].mayPayInAdvance)
  ) {
    addError(errors, 'pay_in_advance', mismatch);
  }
  if (charge.prorated && !mayProrate(charge))
    addError(errors, 'prorated', 'invalid_billable_metric_or_charge_model');
  if (payInAdvance && charge.minAmountMinor > 0n) {
    addError(errors, 'min_amount_cents', 'not_compatible_with_pay_in_advance');
  }
  if (!payInAdvance && !charge.invoiceable)
    addError(errors, 'invoiceable', 'must_be_true_unless_pay_in_advance');
  if (charge.regroupPaidFees && (!payInAdvance || charge.invoiceable)) {
    addError(errors, 'regroup_paid_fees', 'only_compatible_with_pay_in_advance_and_non_invoiceable');
  }
  return errors;
}

/** Field → codes for a fixed charge. */
export function validateFixedCharge(charge: {
  model: 'standard' | 'graduated' | 'volume';
  properties: ChargeProperties;
  payInAdvance: boolean;
  prorated: boolean;
}): PropertyErrors {
  const errors = validateProperties(chargeModels[charge.model], charge.properties);
  if (charge.payInAdvance && charge.model === 'volume') {
    addError(errors, 'pay_in_advance', 'invalid_aggregation_type_or_charge_model');
  }
  if (charge.payInAdvance && charge.prorated && charge.model === 'graduated') {
    addError(errors, 'prorated', 'invalid_billable_metric_or_charge_model');
  }
  return errors;
}
