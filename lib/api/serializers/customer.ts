import type { CustomerObject } from '@/lib/queries/api/customers';
import { ts } from '../wire.ts';
import { taxWire } from './tax.ts';

export interface CustomerParts {
  /** `integration_customers` stands beside the object's own members (lists, show, invoices). */
  integrations?: boolean;
  /** Show, create and delete carry everything. */
  full?: boolean;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function billingConfigurationWire({ customer }: CustomerObject) {
  const configuration = customer.billingConfiguration;
  const provider = text(configuration.payment_provider);
  const methods = configuration.provider_payment_methods;
  return {
    invoice_grace_period: customer.invoiceGracePeriod,
    payment_provider: provider,
    payment_provider_code: text(configuration.payment_provider_code),
    document_locale: customer.documentLocale,
    subscription_invoice_issuing_date_anchor: customer.subscriptionInvoiceIssuingDateAnchor,
    subscription_invoice_issuing_date_adjustment: customer.subscriptionInvoiceIssuingDateAdjustment,
    ...(provider ? { provider_customer_id: text(configuration.provider_customer_id) } : {}),
    ...(provider === 'stripe'
      ? { provider_payment_methods: Array.isArray(methods) ? methods : ['card'] }
      : {}),
  };
}

/** API contract, section 3. */
export function customerWire(object: CustomerObject, { integrations, full }: CustomerParts = {}) {
  const { customer, entity, taxes } = object;
  const shipping = customer.shippingAddress;
  return {
    lago_id: customer.id,
    billing_entity_code: entity.code,
    external_id: customer.externalId,
    account_type: customer.accountType,
    name: customer.name,
    firstname: customer.firstname,
    lastname: customer.lastname,
    customer_type: customer.customerType,
    sequential_id: customer.sequentialId,
    slug: `${entity.documentNumberPrefix}-${String(customer.sequentialId).padStart(3, '0')}`,
    created_at: ts(customer.createdAt),
    updated_at: ts(customer.updatedAt),
    country: customer.country,
    address_line1: customer.addressLine1,
    address_line2: customer.addressLine2,
    state: customer.state,
    zipcode: customer.zipcode,
    email: customer.email,
    city: customer.city,
    url: customer.url,
    phone: customer.phone,
    logo_url: customer.logoUrl,
    legal_name: customer.legalName,
    legal_number: customer.legalNumber,
    currency: customer.currency,
    tax_identification_number: customer.taxIdentificationNumber,
    timezone: customer.timezone,
    applicable_timezone: customer.timezone ?? entity.timezone,
    net_payment_term: customer.netPaymentTerm,
    external_salesforce_id: customer.externalSalesforceId,
    finalize_zero_amount_invoice: customer.finalizeZeroAmountInvoice,
    billing_configuration: billingConfigurationWire(object),
    shipping_address: {
      address_line1: shipping?.address_line1 ?? null,
      address_line2: shipping?.address_line2 ?? null,
      city: shipping?.city ?? null,
      zipcode: shipping?.zipcode ?? null,
      state: shipping?.state ?? null,
      country: shipping?.country ?? null,
    },
    skip_invoice_custom_sections: customer.skipInvoiceCustomSections,
    metadata: customer.metadata.map(({ id, key, value, display_in_invoice, created_at }) => ({
      lago_id: id,
      key,
      value,
      display_in_invoice,
      created_at: ts(new Date(created_at)),
    })),
    ...(taxes ? { taxes: taxes.map(taxWire) } : {}),
    ...(integrations || full ? { integration_customers: [] } : {}),
    ...(full ? { applicable_invoice_custom_sections: [], error_details: [] } : {}),
  };
}
