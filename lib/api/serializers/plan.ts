import { z } from 'zod';
import { INTERVALS } from '@/db/schema';
import { CHARGE_MODEL_NAMES } from '@/lib/billing/pricing/registry';
import type { PlanEntitlement } from '@/lib/queries/api/features';
import type {
  ChargeNode,
  CommitmentNode,
  FilterNode,
  FixedChargeNode,
  PlanGraph,
  ThresholdRow,
} from '@/lib/queries/api/plan-graph';
import { dec, float, ts } from '../wire.ts';
import { is, resource, type Wire, word } from '../wire-schema.ts';
import { planEntitlementSchema, planEntitlementWire } from './feature.ts';
import { taxSchema, taxWire } from './tax.ts';

/** Both names of the grouping keys are answered, whichever was sent (API contract 2.2). */
export function propertiesWire(properties: Record<string, unknown>): Record<string, unknown> {
  const keys = properties.pricing_group_keys ?? properties.grouped_by;
  return keys === undefined ? properties : { ...properties, pricing_group_keys: keys, grouped_by: keys };
}

export const filterSchema = resource('ChargeFilter', {
  lago_id: is.uuid,
  charge_code: is.str,
  invoice_display_name: is.str.nullable(),
  properties: is.object,
  values: z.record(z.string(), is.texts),
});

export function filterWire(filter: FilterNode, chargeCode: string): Wire<typeof filterSchema> {
  return {
    lago_id: filter.id,
    charge_code: chargeCode,
    invoice_display_name: filter.invoiceDisplayName,
    properties: propertiesWire(filter.properties),
    values: filter.values,
  };
}

export const chargeSchema = resource('Charge', {
  lago_id: is.uuid,
  lago_billable_metric_id: is.uuid,
  code: is.str,
  invoice_display_name: is.str.nullable(),
  billable_metric_code: is.str,
  created_at: is.ts,
  charge_model: word(CHARGE_MODEL_NAMES),
  invoiceable: is.bool,
  regroup_paid_fees: word(['invoice']).nullable(),
  pay_in_advance: is.bool,
  prorated: is.bool,
  min_amount_cents: is.cents,
  accepts_target_wallet: is.bool,
  properties: is.object,
  applied_pricing_unit: z.object({ conversion_rate: is.dec, code: is.str }).nullable(),
  lago_parent_id: is.uuid.nullable(),
  filters: z.array(filterSchema),
  taxes: z.array(taxSchema),
});

export function chargeWire({
  row,
  metric,
  unit,
  filters,
  taxes,
  parentId,
}: ChargeNode): Wire<typeof chargeSchema> {
  return {
    lago_id: row.id,
    lago_billable_metric_id: metric.id,
    code: row.code,
    invoice_display_name: row.invoiceDisplayName,
    billable_metric_code: metric.code,
    created_at: ts(row.createdAt),
    charge_model: row.chargeModel,
    invoiceable: row.invoiceable,
    regroup_paid_fees: row.regroupPaidFees,
    pay_in_advance: row.payInAdvance,
    prorated: row.prorated,
    min_amount_cents: row.minAmountMinor,
    accepts_target_wallet: row.acceptsTargetWallet,
    properties: propertiesWire(row.properties),
    applied_pricing_unit: unit ? { conversion_rate: dec(row.conversionRate ?? '1'), code: unit.code } : null,
    lago_parent_id: parentId,
    filters: filters.map((filter) => filterWire(filter, row.code)),
    taxes: taxes.map(taxWire),
  };
}

export const fixedChargeSchema = resource('FixedCharge', {
  lago_id: is.uuid,
  lago_add_on_id: is.uuid,
  code: is.str,
  invoice_display_name: is.str.nullable(),
  add_on_code: is.str,
  created_at: is.ts,
  charge_model: z.enum(['standard', 'graduated', 'volume']),
  pay_in_advance: is.bool,
  prorated: is.bool,
  properties: is.object,
  units: is.dec,
  lago_parent_id: is.uuid.nullable(),
  taxes: z.array(taxSchema),
});

export function fixedChargeWire({
  row,
  addOn,
  taxes,
  parentId,
}: FixedChargeNode): Wire<typeof fixedChargeSchema> {
  return {
    lago_id: row.id,
    lago_add_on_id: addOn.id,
    code: row.code,
    invoice_display_name: row.invoiceDisplayName,
    add_on_code: addOn.code,
    created_at: ts(row.createdAt),
    charge_model: row.chargeModel,
    pay_in_advance: row.payInAdvance,
    prorated: row.prorated,
    properties: propertiesWire(row.properties),
    units: dec(row.units),
    lago_parent_id: parentId,
    taxes: taxes.map(taxWire),
  };
}

export const thresholdSchema = resource('UsageThreshold', {
  lago_id: is.uuid,
  threshold_display_name: is.str.nullable(),
  amount_cents: is.cents,
  recurring: is.bool,
  created_at: is.ts,
  updated_at: is.ts,
});

export function thresholdWire(threshold: ThresholdRow): Wire<typeof thresholdSchema> {
  return {
    lago_id: threshold.id,
    threshold_display_name: threshold.displayName,
    amount_cents: threshold.amountMinor,
    recurring: threshold.recurring,
    created_at: ts(threshold.createdAt),
    updated_at: ts(threshold.updatedAt),
  };
}

export const applicableThresholdSchema = resource('ApplicableUsageThreshold', {
  threshold_display_name: is.str.nullable(),
  amount_cents: is.cents,
  recurring: is.bool,
});

export function applicableThresholdWire(threshold: ThresholdRow): Wire<typeof applicableThresholdSchema> {
  return {
    threshold_display_name: threshold.displayName,
    amount_cents: threshold.amountMinor,
    recurring: threshold.recurring,
  };
}

const commitmentSchema = resource('MinimumCommitment', {
  lago_id: is.uuid,
  plan_code: is.str,
  invoice_display_name: is.str.nullable(),
  amount_cents: is.cents,
  interval: z.enum(INTERVALS),
  created_at: is.ts,
  updated_at: is.ts,
  taxes: z.array(taxSchema),
});

function commitmentWire(
  commitment: CommitmentNode,
  { plan, version }: PlanGraph,
): Wire<typeof commitmentSchema> {
  return {
    lago_id: commitment.id,
    plan_code: plan.code,
    invoice_display_name: commitment.displayName,
    amount_cents: commitment.amountMinor,
    interval: version.interval,
    created_at: ts(commitment.createdAt),
    updated_at: ts(commitment.createdAt),
    taxes: commitment.taxes.map(taxWire),
  };
}

export interface PlanParts {
  /** Not in lists and not inside subscriptions. */
  fixedCharges: boolean;
  /** What the plan includes; left out inside subscriptions. */
  entitlements?: PlanEntitlement[];
  /** Thresholds of the subscription itself, which replace the plan's. */
  ownThresholds?: ThresholdRow[];
}

export const planSchema = resource('Plan', {
  lago_id: is.uuid,
  name: is.str,
  invoice_display_name: is.str.nullable(),
  created_at: is.ts,
  code: is.str,
  interval: z.enum(INTERVALS),
  description: is.str.nullable(),
  amount_cents: is.cents,
  amount_currency: is.currency,
  trial_period: is.float.nullable(),
  pay_in_advance: is.bool,
  bill_charges_monthly: is.bool.nullable(),
  bill_fixed_charges_monthly: is.bool.nullable(),
  customers_count: is.int,
  active_subscriptions_count: is.int,
  draft_invoices_count: is.int,
  parent_id: is.uuid.nullable(),
  pending_deletion: is.bool,
  charges: z.array(chargeSchema),
  fixed_charges: z.array(fixedChargeSchema).optional(),
  entitlements: z.array(planEntitlementSchema).optional(),
  usage_thresholds: z.array(thresholdSchema),
  applicable_usage_thresholds: z.array(applicableThresholdSchema),
  taxes: z.array(taxSchema),
  minimum_commitment: commitmentSchema.optional(),
  metadata: z.record(z.string(), is.str.nullable()).optional(),
});

/** A plan (API contract 2.2). A subscription's own prices show as a child plan: its own id, and the plan as parent. */
export function planWire(graph: PlanGraph, parts: PlanParts): Wire<typeof planSchema> {
  const { plan, version } = graph;
  const splits = version.interval === 'yearly' || version.interval === 'semiannual';
  const applicable = parts.ownThresholds?.length ? parts.ownThresholds : graph.thresholds;
  const metadata = plan.metadata && Object.keys(plan.metadata).length > 0 ? plan.metadata : null;
  return {
    lago_id: graph.overrideId ?? plan.id,
    name: plan.name,
    invoice_display_name: plan.invoiceDisplayName,
    created_at: ts(plan.createdAt),
    code: plan.code,
    interval: version.interval,
    description: plan.description,
    amount_cents: version.amountMinor,
    amount_currency: version.currency,
    trial_period: version.trialDays === null ? null : float(version.trialDays),
    pay_in_advance: version.payInAdvance,
    bill_charges_monthly: splits ? version.billChargesMonthly : null,
    bill_fixed_charges_monthly: splits ? version.billFixedChargesMonthly : null,
    customers_count: 0,
    active_subscriptions_count: 0,
    draft_invoices_count: 0,
    parent_id: graph.overrideId ? plan.id : null,
    pending_deletion: plan.pendingDeletionAt !== null,
    charges: graph.charges.map(chargeWire),
    ...(parts.fixedCharges ? { fixed_charges: graph.fixedCharges.map(fixedChargeWire) } : {}),
    ...(parts.entitlements ? { entitlements: parts.entitlements.map(planEntitlementWire) } : {}),
    usage_thresholds: graph.thresholds.map(thresholdWire),
    applicable_usage_thresholds: applicable.map(applicableThresholdWire),
    taxes: graph.taxes.map(taxWire),
    ...(graph.commitment ? { minimum_commitment: commitmentWire(graph.commitment, graph) } : {}),
    ...(metadata ? { metadata } : {}),
  };
}
