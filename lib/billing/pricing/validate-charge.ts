import type { AggregationType } from '../metering/metric.ts';
import { aggregations } from '../metering/registry.ts';
import type { ChargeModelName, ChargeProperties, PropertyErrors } from './model.ts';
import { addError } from './properties.ts';
import { chargeModels } from './registry.ts';

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

const ARREARS_PRORATED: readonly ChargeModelName[] = ['standard', 'volume', 'graduated'];

function mayProrate({ model, metric, payInAdvance }: ChargeTerms): boolean {
  if (!metric.recurring || metric.aggregationType === 'weighted_sum_agg') return false;
  return payInAdvance ? model === 'standard' : ARREARS_PRORATED.includes(model);
}

/** Field → codes for a usage charge; empty when it may be saved. */
export function validateCharge(charge: ChargeTerms): PropertyErrors {
  const { model, metric, payInAdvance } = charge;
  const errors = { ...chargeModels[model].validate(charge.properties) };
  const mismatch = 'invalid_aggregation_type_or_charge_model';
  if (model === 'dynamic' && metric.aggregationType !== 'sum_agg') addError(errors, 'charge_model', mismatch);
  if (model === 'percentage' && metric.aggregationType === 'latest_agg')
    addError(errors, 'charge_model', mismatch);
  if (payInAdvance && (model === 'volume' || !aggregations[metric.aggregationType].mayPayInAdvance)) {
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
  const errors = { ...chargeModels[charge.model].validate(charge.properties) };
  if (charge.payInAdvance && charge.model === 'volume') {
    addError(errors, 'pay_in_advance', 'invalid_aggregation_type_or_charge_model');
  }
  if (charge.payInAdvance && charge.prorated && charge.model === 'graduated') {
    addError(errors, 'prorated', 'invalid_billable_metric_or_charge_model');
  }
  return errors;
}
