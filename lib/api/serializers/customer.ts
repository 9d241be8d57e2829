import { z } from 'zod';
import type { CustomerObject } from '@/lib/queries/api/customers';
import { ts } from '../wire.ts';
import { is, resource, type Wire, word } from '../wire-schema.ts';
import { taxSchema, taxWire } from './tax.ts';

export interface CustomerParts {
  /** `integration_customers` stands beside the object's own members (lists, show, invoices). */
  integrations?: boolean;
  /** Show, create and delete carry everything. */
  full?: boolean;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

const ANCHORS = ['current_period_end', 'next_period_start'];
const ADJUSTMENTS = ['keep_anchor', 'align_with_finalization_date'];

const billingConfigurationSchema = z.object({
  invoice_grace_period: is.int.nullable(),
  payment_provider: is.str.nullable(),
  payment_provider_code: is.str.nullable(),
  document_locale: is.str.nullable(),
  subscription_invoice_issuing_date_anchor: word(ANCHORS).nullable(),
  subscription_invoice_issuing_date_adjustment: word(ADJUSTMENTS).nullable(),
  provider_customer_id: is.str.nullable().optional(),
  provider_payment_methods: is.texts.optional(),
});

function billingConfigurationWire({ customer }: CustomerObject): Wire<typeof billingConfigurationSchema> {
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

export const customerSchema = resource('Customer', {
  lago_id: is.uuid,
  billing_entity_code: is.str,
  external_id: is.str,
  account_type: word(['customer', 'partner']),
  name: is.str.nullable(),
  firstname: is.str.nullable(),
  lastname: is.str.nullable(),
  customer_type: word(['company', 'individual']).nullable(),
  sequential_id: is.int,
  slug: is.str,
  created_at: is.ts,
  updated_at: is.ts,
  country: is.str.nullable(),
  address_line1: is.str.nullable(),
  address_line2: is.str.nullable(),
  state: is.str.nullable(),
  zipcode: is.str.nullable(),
  email: is.str.nullable(),
  city: is.str.nullable(),
  url: is.str.nullable(),
  phone: is.str.nullable(),
  logo_url: is.str.nullable(),
  legal_name: is.str.nullable(),
  legal_number: is.str.nullable(),
  currency: is.currency.nullable(),
  tax_identification_number: is.str.nullable(),
  timezone: is.str.nullable(),
  applicable_timezone: is.str,
  net_payment_term: is.int.nullable(),
  external_salesforce_id: is.str.nullable(),
  finalize_zero_amount_invoice: z.enum(['inherit', 'skip', 'finalize']),
  billing_configuration: billingConfigurationSchema,
  shipping_address: z.object({
    address_line1: is.str.nullable(),
    address_line2: is.str.nullable(),
    city: is.str.nullable(),
    zipcode: is.str.nullable(),
    state: is.str.nullable(),
    country: is.str.nullable(),
  }),
  skip_invoice_custom_sections: is.bool,
  metadata: z.array(
    z.object({
      lago_id: is.uuid,
      key: is.str,
      value: is.str.nullable(),
      display_in_invoice: is.bool,
      created_at: is.ts,
    }),
  ),
  taxes: z.array(taxSchema).optional(),
  integration_customers: is.none.optional(),
  applicable_invoice_custom_sections: is.none.optional(),
  error_details: is.none.optional(),
});

/** API contract, section 3. */
export function customerWire(
  object: CustomerObject,
  { integrations, full }: CustomerParts = {},
): Wire<typeof customerSchema> {
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
