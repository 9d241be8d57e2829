import { WEBHOOK_OBJECTS, type WebhookObject } from '@/lib/schedule/outbox';
import { stringify } from '../json.ts';
import { triggeredAlertObject } from './alert-object.ts';
import { featureObject, metricObject, planObject } from './catalogue-objects.ts';
import {
  customerObject,
  subscriptionObject,
  walletObject,
  walletPaymentErrorObject,
  walletTransactionObject,
} from './customer-objects.ts';
import { dunningCampaignObject } from './dunning-object.ts';
import {
  creditNoteObject,
  disputeLostObject,
  feeObject,
  invoiceObject,
  invoicePaymentErrorObject,
  paymentObject,
  paymentReceiptObject,
  paymentRequestObject,
} from './money-objects.ts';
import type { Loader, Source } from './source.ts';

/** Where each kind of object comes from; a new kind in the catalogue asks for its row here. */
const LOADERS: Record<WebhookObject, Loader> = {
  billable_metric: metricObject,
  credit_note: creditNoteObject,
  customer: customerObject,
  dunning_campaign: dunningCampaignObject,
  // Known whole when it is written.
  events_errors: async ({ payload }) => payload,
  feature: featureObject,
  fee: feeObject,
  invoice: invoiceObject,
  payment: paymentObject,
  payment_dispute_lost: disputeLostObject,
  payment_provider_invoice_payment_error: invoicePaymentErrorObject,
  payment_provider_wallet_transaction_payment_error: walletPaymentErrorObject,
  payment_receipt: paymentReceiptObject,
  payment_request: paymentRequestObject,
  plan: planObject,
  subscription: subscriptionObject,
  triggered_alert: triggeredAlertObject,
  wallet: walletObject,
  wallet_transaction: walletTransactionObject,
};

/**
 * The message of an announcement as JSON text, in Lago's envelope (semantics 15.1): the object stands under the name of its
 * type. Null when the object is gone.
 */
export async function webhookMessage(source: Source): Promise<string | null> {
  const objectType = WEBHOOK_OBJECTS[source.type];
  const object = await LOADERS[objectType](source);
  if (!object) return null;
  return stringify({
    webhook_type: source.type,
    object_type: objectType,
    organization_id: source.organizationId,
    [objectType]: object,
  });
}
