import { z } from 'zod';
import type { WebhookObject } from '@/lib/schedule/outbox';
import { metricSchema } from '../serializers/billable-metric.ts';
import { creditNoteDetailSchema } from '../serializers/credit-note.ts';
import { customerSchema } from '../serializers/customer.ts';
import { featureSchema } from '../serializers/feature.ts';
import { feeDetailSchema } from '../serializers/fee.ts';
import { invoiceDetailSchema } from '../serializers/invoice.ts';
import { paymentReceiptSchema, paymentSchema } from '../serializers/payment.ts';
import { paymentRequestSchema } from '../serializers/payment-request.ts';
import { planSchema, thresholdSchema } from '../serializers/plan.ts';
import { subscriptionDetailSchema } from '../serializers/subscription.ts';
import { walletSchema, walletTransactionSchema } from '../serializers/wallet.ts';
import { is, resource } from '../wire-schema.ts';

const paymentError = {
  lago_customer_id: is.uuid,
  external_customer_id: is.str.nullable(),
  provider_customer_id: is.str.nullable(),
  payment_provider: is.str.nullable(),
  payment_provider_code: is.str.nullable(),
  provider_error: is.any,
};

/** What messages carry under the name of their object (API contract 11.1), for the OpenAPI document and the tests. */
export const MESSAGE_SCHEMAS: Record<WebhookObject, z.ZodType> = {
  billable_metric: metricSchema,
  credit_note: creditNoteDetailSchema,
  customer: customerSchema,
  dunning_campaign: resource('DunningCampaignFinished', {
    lago_id: is.uuid,
    dunning_campaign_code: is.str,
    dunning_campaign_name: is.str,
    lago_customer_id: is.uuid,
    external_customer_id: is.str,
    overdue_balances: z.array(z.object({ currency: is.currency, amount_cents: is.cents })),
  }),
  events_errors: resource('EventsErrors', {
    invalid_code: is.texts,
    missing_aggregation_property: is.texts,
    missing_group_key: is.texts,
    invalid_filter_values: is.texts,
  }),
  feature: featureSchema,
  fee: feeDetailSchema,
  invoice: invoiceDetailSchema,
  payment: resource('PaymentTold', { ...paymentSchema.shape, payment_method: is.null }),
  payment_dispute_lost: resource('PaymentDisputeLost', {
    invoice: invoiceDetailSchema,
    provider_error: is.any,
  }),
  payment_provider_invoice_payment_error: resource('InvoicePaymentError', {
    lago_invoice_id: is.uuid,
    ...paymentError,
  }),
  payment_provider_wallet_transaction_payment_error: resource('WalletTransactionPaymentError', {
    lago_wallet_transaction_id: is.uuid,
    ...paymentError,
  }),
  payment_receipt: paymentReceiptSchema,
  payment_request: paymentRequestSchema,
  plan: planSchema,
  subscription: resource('SubscriptionTold', {
    ...subscriptionDetailSchema.shape,
    customer: customerSchema.nullable(),
    usage_threshold: thresholdSchema.nullable().optional(),
  }),
  triggered_alert: resource('TriggeredAlert', {
    lago_id: is.uuid,
    lago_organization_id: is.uuid,
    lago_alert_id: is.uuid,
    lago_subscription_id: is.uuid.nullable(),
    subscription_external_id: is.str.nullable(),
    external_subscription_id: is.str.nullable(),
    customer_external_id: is.str.nullable(),
    external_customer_id: is.str.nullable(),
    lago_wallet_id: is.uuid.nullable(),
    wallet_code: is.str.nullable(),
    billable_metric_code: is.str.nullable(),
    alert_name: is.str.nullable(),
    alert_code: is.str,
    alert_type: is.str,
    current_value: is.dec,
    previous_value: is.dec,
    crossed_thresholds: z.array(z.object({ code: is.str.nullable(), value: is.dec, recurring: is.bool })),
    triggered_at: is.ts,
  }),
  wallet: walletSchema,
  wallet_transaction: resource('WalletTransactionTold', {
    ...walletTransactionSchema.shape,
    wallet: walletSchema.nullable(),
  }),
};
