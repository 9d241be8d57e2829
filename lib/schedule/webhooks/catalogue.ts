import { WEBHOOK_OBJECTS } from '../outbox.ts';

/** Types of the catalogue (semantics 15.2) that nothing here causes yet: an endpoint may ask for them all the same. */
const NOT_CAUSED = [
  'credit_note.provider_refund_failure',
  'customer.accounting_provider_created',
  'customer.accounting_provider_error',
  'customer.checkout_url_generated',
  'customer.crm_provider_created',
  'customer.crm_provider_error',
  'customer.payment_provider_created',
  'customer.payment_provider_error',
  'customer.tax_provider_error',
  'customer.vies_check',
  'event.error',
  'fee.tax_provider_error',
  'integration.provider_error',
  'invoice.resynced',
  'order.created',
  'order.executed',
  'order_form.created',
  'order_form.expired',
  'order_form.signed',
  'order_form.voided',
  'payment.requires_action',
  'payment_provider.error',
  'payment_receipt.generated',
  'payment_request.payment_failure',
  'quote.approved',
  'quote.created',
  'quote.voided',
  'subscription.canceled',
  'subscription.incomplete',
];

const KNOWN = new Set([...Object.keys(WEBHOOK_OBJECTS), ...NOT_CAUSED]);

/** Whether an endpoint may ask for this type. */
export function isWebhookType(type: string): boolean {
  return KNOWN.has(type);
}

/** The types that something here causes, in alphabetical order. */
export const CAUSED_TYPES: readonly string[] = Object.keys(WEBHOOK_OBJECTS).sort();
