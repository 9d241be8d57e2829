import { createAddOn } from '@/lib/commands/add-ons/create';
import { updateAddOn } from '@/lib/commands/add-ons/update';
import { updateAlert } from '@/lib/commands/alerts/update';
import { createMetric } from '@/lib/commands/billable-metrics/create';
import { updateMetric } from '@/lib/commands/billable-metrics/update';
import { applyCoupon } from '@/lib/commands/coupons/apply';
import { createCoupon } from '@/lib/commands/coupons/create';
import { updateCoupon } from '@/lib/commands/coupons/update';
import { createCreditNote } from '@/lib/commands/credit-notes/create';
import { estimateInput } from '@/lib/commands/credit-notes/estimate';
import { upsertCustomer } from '@/lib/commands/customers/upsert';
import { createFeature, updateFeature } from '@/lib/commands/features/write';
import { createOneOffInvoice } from '@/lib/commands/invoices/create-one-off';
import { createBillingEntity } from '@/lib/commands/organizations/create-billing-entity';
import { sandboxInput } from '@/lib/commands/organizations/create-sandbox';
import { updateOrganization } from '@/lib/commands/organizations/update';
import { updateBillingEntity } from '@/lib/commands/organizations/update-billing-entity';
import { createPaymentRequest } from '@/lib/commands/payment-requests/create';
import { createPlan } from '@/lib/commands/plans/create';
import { chargeInput, filterInput, fixedChargeInput } from '@/lib/commands/plans/input';
import { updatePlan } from '@/lib/commands/plans/update';
import { createTax } from '@/lib/commands/taxes/create';
import { updateTax } from '@/lib/commands/taxes/update';
import { createWallet } from '@/lib/commands/wallets/create';
import { transactWallet } from '@/lib/commands/wallets/transact';
import { updateWallet } from '@/lib/commands/wallets/update';
import { createEndpoint } from '@/lib/commands/webhooks/create';
import { subscriptionChanges, subscriptionInput } from '../resources/subscription-input.ts';
import { type JsonSchema, memberOf, schemaOf } from './schema.ts';

/** The body of a write: its one member and what stands in it. */
export interface Body {
  root: string;
  schema: () => JsonSchema;
}

const event: JsonSchema = {
  type: 'object',
  required: ['transaction_id', 'external_subscription_id', 'code'],
  properties: {
    transaction_id: { type: 'string', minLength: 1, maxLength: 255 },
    external_subscription_id: { type: 'string', minLength: 1, maxLength: 255 },
    code: { type: 'string', minLength: 1, maxLength: 255 },
    timestamp: {
      type: ['number', 'string'],
      description: 'Epoch seconds; the time of arrival when left out.',
    },
    properties: { type: 'object' },
    precise_total_amount_cents: { type: ['string', 'number'] },
  },
};

const batch = (most: number) => ({
  root: 'events',
  schema: (): JsonSchema => ({ type: 'array', minItems: 1, maxItems: most, items: event }),
});

/**
 * What each write takes, from the very validators that read it. Events alone are read by hand (see usage/incoming.ts) and
 * described here. A write without a row takes no body, or one whose parts its route reads one by one.
 */
export const BODIES: Record<string, Body> = {
  'POST /add_ons': { root: 'add_on', schema: () => schemaOf(createAddOn.input) },
  'PUT /add_ons/:code': { root: 'add_on', schema: () => memberOf(updateAddOn.input, 'changes') },
  'POST /applied_coupons': { root: 'applied_coupon', schema: () => schemaOf(applyCoupon.input) },
  'POST /billable_metrics': { root: 'billable_metric', schema: () => schemaOf(createMetric.input) },
  'PUT /billable_metrics/:code': {
    root: 'billable_metric',
    schema: () => memberOf(updateMetric.input, 'changes'),
  },
  'POST /billing_entities': { root: 'billing_entity', schema: () => schemaOf(createBillingEntity.input) },
  'PUT /billing_entities/:code': {
    root: 'billing_entity',
    schema: () => memberOf(updateBillingEntity.input, 'changes'),
  },
  'POST /coupons': { root: 'coupon', schema: () => schemaOf(createCoupon.input) },
  'PUT /coupons/:code': { root: 'coupon', schema: () => memberOf(updateCoupon.input, 'changes') },
  'POST /credit_notes': { root: 'credit_note', schema: () => schemaOf(createCreditNote.input) },
  'POST /credit_notes/estimate': { root: 'credit_note', schema: () => schemaOf(estimateInput) },
  'POST /customers': { root: 'customer', schema: () => schemaOf(upsertCustomer.input) },
  'POST /events': { root: 'event', schema: () => event },
  'POST /events/batch': batch(1_000),
  'POST /ingest': batch(5_000),
  'POST /features': { root: 'feature', schema: () => schemaOf(createFeature.input) },
  'PUT /features/:code': { root: 'feature', schema: () => memberOf(updateFeature.input, 'changes') },
  'POST /invoices': { root: 'invoice', schema: () => schemaOf(createOneOffInvoice.input) },
  'PUT /organizations': { root: 'organization', schema: () => schemaOf(updateOrganization.input) },
  'POST /payment_requests': { root: 'payment_request', schema: () => schemaOf(createPaymentRequest.input) },
  'POST /plans': { root: 'plan', schema: () => schemaOf(createPlan.input) },
  'PUT /plans/:code': { root: 'plan', schema: () => memberOf(updatePlan.input, 'changes') },
  'POST /plans/:code/charges': { root: 'charge', schema: () => schemaOf(chargeInput) },
  'POST /plans/:code/fixed_charges': { root: 'fixed_charge', schema: () => schemaOf(fixedChargeInput) },
  'POST /plans/:code/charges/:charge_code/filters': {
    root: 'filter',
    schema: () => schemaOf(filterInput),
  },
  'POST /sandboxes': { root: 'sandbox', schema: () => schemaOf(sandboxInput) },
  'POST /subscriptions': { root: 'subscription', schema: () => schemaOf(subscriptionInput) },
  'PUT /subscriptions/:external_id': { root: 'subscription', schema: () => schemaOf(subscriptionChanges) },
  'POST /taxes': { root: 'tax', schema: () => schemaOf(createTax.input) },
  'PUT /taxes/:code': { root: 'tax', schema: () => memberOf(updateTax.input, 'changes') },
  'PUT /customers/:external_id/wallets/:wallet_code/alerts/:code': {
    root: 'alert',
    schema: () => memberOf(updateAlert.input, 'changes'),
  },
  'PUT /subscriptions/:external_id/alerts/:code': {
    root: 'alert',
    schema: () => memberOf(updateAlert.input, 'changes'),
  },
  'PUT /plans/:code/charges/:charge_code': { root: 'charge', schema: () => schemaOf(chargeInput.partial()) },
  'PUT /plans/:code/charges/:charge_code/filters/:id': {
    root: 'filter',
    schema: () => schemaOf(filterInput.partial()),
  },
  'PUT /plans/:code/fixed_charges/:fixed_charge_code': {
    root: 'fixed_charge',
    schema: () => schemaOf(fixedChargeInput.partial()),
  },
  'POST /customers/:external_id/wallets': { root: 'wallet', schema: () => schemaOf(createWallet.input) },
  'PUT /customers/:external_id/wallets/:code': {
    root: 'wallet',
    schema: () => memberOf(updateWallet.input, 'changes'),
  },
  'POST /wallets': { root: 'wallet', schema: () => schemaOf(createWallet.input) },
  'PUT /wallets/:id': { root: 'wallet', schema: () => memberOf(updateWallet.input, 'changes') },
  'POST /wallet_transactions': {
    root: 'wallet_transaction',
    schema: () => schemaOf(transactWallet.input),
  },
  'POST /webhook_endpoints': { root: 'webhook_endpoint', schema: () => schemaOf(createEndpoint.input) },
};
