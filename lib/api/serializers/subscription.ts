import { z } from 'zod';
import { SUBSCRIPTION_STATUSES } from '@/db/schema';
import type { SubscriptionEntitlement } from '@/lib/queries/api/features';
import type { SubscriptionObject } from '@/lib/queries/api/subscriptions';
import { ts, ts3OrNull, tsOrNull } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';
import { subscriptionEntitlementSchema, subscriptionEntitlementWire } from './feature.ts';
import { applicableThresholdSchema, applicableThresholdWire, planSchema, planWire } from './plan.ts';

export const paymentMethodSchema = z.object({
  payment_method_id: is.null,
  payment_method_type: z.enum(['provider']),
});

/** No method of its own: the customer's default with the provider. */
export const PROVIDER_METHOD: Wire<typeof paymentMethodSchema> = {
  payment_method_id: null,
  payment_method_type: 'provider',
};

export const subscriptionSchema = resource('Subscription', {
  lago_id: is.uuid,
  external_id: is.str,
  lago_customer_id: is.uuid,
  external_customer_id: is.str,
  name: is.str.nullable(),
  plan_code: is.str,
  plan_amount_cents: is.cents,
  plan_amount_currency: is.currency,
  status: z.enum(SUBSCRIPTION_STATUSES),
  billing_time: z.enum(['calendar', 'anniversary']),
  subscription_at: is.ts,
  started_at: is.ts3.nullable(),
  trial_ended_at: is.ts.nullable(),
  ending_at: is.ts.nullable(),
  terminated_at: is.ts.nullable(),
  canceled_at: is.ts.nullable(),
  created_at: is.ts,
  previous_plan_code: is.str.nullable(),
  next_plan_code: is.str.nullable(),
  downgrade_plan_date: is.date.nullable(),
  current_billing_period_started_at: is.ts.nullable(),
  current_billing_period_ending_at: is.ts.nullable(),
  on_termination_credit_note: z.enum(['credit', 'refund', 'offset', 'skip']).nullable(),
  on_termination_invoice: z.enum(['generate', 'skip']),
  progressive_billing_disabled: is.bool,
  consolidate_invoice: is.bool,
  purchase_order_number: is.str.nullable(),
  cancellation_reason: is.str.nullable(),
  activated_at: is.ts.nullable(),
  paused_at: is.ts.optional(),
  payment_method: paymentMethodSchema,
  activation_rules: is.none,
});

/** A subscription without its surroundings, as lists and invoices carry it (API contract, section 4). */
export function subscriptionWire(object: SubscriptionObject): Wire<typeof subscriptionSchema> {
  const { subscription: row, plan, period } = object;
  return {
    lago_id: row.id,
    external_id: row.externalId,
    lago_customer_id: row.customerId,
    external_customer_id: object.externalCustomerId,
    name: row.name,
    plan_code: plan.plan.code,
    plan_amount_cents: plan.version.amountMinor,
    plan_amount_currency: plan.version.currency,
    status: row.status,
    billing_time: row.billingTime,
    subscription_at: ts(row.subscriptionAt),
    started_at: ts3OrNull(row.startedAt),
    trial_ended_at: tsOrNull(row.trialEndedAt),
    ending_at: tsOrNull(row.endingAt),
    terminated_at: tsOrNull(row.terminatedAt),
    canceled_at: tsOrNull(row.canceledAt),
    created_at: ts(row.createdAt),
    previous_plan_code: object.previousPlanCode,
    next_plan_code: object.nextPlanCode,
    downgrade_plan_date: object.downgradePlanDate,
    current_billing_period_started_at: tsOrNull(period?.from),
    current_billing_period_ending_at: tsOrNull(period?.to),
    on_termination_credit_note: row.onTerminationCreditNote,
    on_termination_invoice: row.onTerminationInvoice,
    progressive_billing_disabled: row.progressiveBillingDisabled,
    consolidate_invoice: row.consolidateInvoice,
    purchase_order_number: row.purchaseOrderNumber,
    cancellation_reason: row.cancellationReason,
    activated_at: tsOrNull(row.activatedAt),
    ...(row.pausedAt ? { paused_at: ts(row.pausedAt) } : {}),
    payment_method: PROVIDER_METHOD,
    activation_rules: [],
  };
}

export interface SubscriptionParts {
  entitlements?: SubscriptionEntitlement[];
  thresholds: boolean;
}

export const subscriptionDetailSchema = resource('SubscriptionDetail', {
  ...subscriptionSchema.shape,
  plan: planSchema,
  entitlements: z.array(subscriptionEntitlementSchema).optional(),
  applicable_usage_thresholds: z.array(applicableThresholdSchema).optional(),
  applied_invoice_custom_sections: is.none,
});

/** A subscription with its plan, as create, show, update and terminate answer it. */
export function subscriptionDetailWire(
  object: SubscriptionObject,
  parts: SubscriptionParts,
): Wire<typeof subscriptionDetailSchema> {
  const { plan, ownThresholds } = object;
  const applicable = ownThresholds.length > 0 ? ownThresholds : plan.thresholds;
  return {
    ...subscriptionWire(object),
    plan: planWire(plan, { fixedCharges: false, ownThresholds }),
    ...(parts.entitlements ? { entitlements: parts.entitlements.map(subscriptionEntitlementWire) } : {}),
    ...(parts.thresholds ? { applicable_usage_thresholds: applicable.map(applicableThresholdWire) } : {}),
    applied_invoice_custom_sections: [],
  };
}
