import { z } from 'zod';
import type { billingEntities, organizations } from '@/db/schema';
import type { TaxNode } from '@/lib/queries/api/taxes-of';
import { ts } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';
import { taxSchema, taxWire } from './tax.ts';

type EntityRow = typeof billingEntities.$inferSelect;

export interface OrganizationObject {
  organization: typeof organizations.$inferSelect;
  /** The default billing entity, which is what Lago's organization describes. */
  entity: EntityRow;
  webhookUrls: string[];
}

/** What describes a firm, on the organization and on each of its billing entities. */
const firm = {
  lago_id: is.uuid,
  name: is.str,
  default_currency: is.currency,
  created_at: is.ts,
  country: is.str.nullable(),
  address_line1: is.str.nullable(),
  address_line2: is.str.nullable(),
  state: is.str.nullable(),
  zipcode: is.str.nullable(),
  email: is.str.nullable(),
  city: is.str.nullable(),
  legal_name: is.str.nullable(),
  legal_number: is.str.nullable(),
  timezone: is.str,
  net_payment_term: is.int,
  email_settings: is.texts,
  document_number_prefix: is.str,
  tax_identification_number: is.str.nullable(),
  finalize_zero_amount_invoice: is.bool,
  taxes: z.array(taxSchema).optional(),
};

export const organizationSchema = resource('Organization', {
  ...firm,
  slug: is.str,
  webhook_url: is.str,
  webhook_urls: is.texts,
  document_numbering: z.enum(['per_customer', 'per_organization']),
  billing_configuration: z.object({
    invoice_footer: is.str.nullable(),
    invoice_grace_period: is.int,
    document_locale: is.str,
  }),
  events_store: z.enum(['postgres']),
});

/** API contract, section 11. `taxes` stand on update only. */
export function organizationWire(
  { organization, entity, webhookUrls }: OrganizationObject,
  taxes?: TaxNode[],
): Wire<typeof organizationSchema> {
  return {
    lago_id: organization.id,
    name: organization.name,
    slug: organization.slug,
    default_currency: entity.defaultCurrency,
    created_at: ts(organization.createdAt),
    webhook_url: webhookUrls[0] ?? '',
    webhook_urls: webhookUrls,
    country: entity.country,
    address_line1: entity.addressLine1,
    address_line2: entity.addressLine2,
    state: entity.state,
    zipcode: entity.zipcode,
    email: entity.email,
    city: entity.city,
    legal_name: entity.legalName,
    legal_number: entity.legalNumber,
    timezone: entity.timezone,
    net_payment_term: entity.netPaymentTerm,
    email_settings: entity.emailSettings,
    document_numbering: entity.documentNumbering === 'per_customer' ? 'per_customer' : 'per_organization',
    document_number_prefix: entity.documentNumberPrefix,
    tax_identification_number: entity.taxIdentificationNumber,
    finalize_zero_amount_invoice: entity.finalizeZeroAmountInvoice,
    billing_configuration: {
      invoice_footer: entity.invoiceFooter,
      invoice_grace_period: entity.invoiceGracePeriod,
      document_locale: entity.documentLocale,
    },
    events_store: 'postgres',
    ...(taxes ? { taxes: taxes.map(taxWire) } : {}),
  };
}

export const billingEntitySchema = resource('BillingEntity', {
  ...firm,
  code: is.str,
  updated_at: is.ts,
  phone: is.str.nullable(),
  einvoicing: is.bool,
  document_numbering: z.enum(['per_customer', 'per_billing_entity']),
  invoice_footer: is.str.nullable(),
  invoice_grace_period: is.int,
  subscription_invoice_issuing_date_adjustment: is.str,
  subscription_invoice_issuing_date_anchor: is.str,
  document_locale: is.str,
  is_default: is.bool,
  eu_tax_management: is.bool,
  logo_url: is.null,
  selected_invoice_custom_sections: is.none.optional(),
});

/** A billing entity; `taxes` and the (unused) sections stand on show and update. */
export function billingEntityWire(entity: EntityRow, taxes?: TaxNode[]): Wire<typeof billingEntitySchema> {
  return {
    lago_id: entity.id,
    code: entity.code,
    name: entity.name,
    default_currency: entity.defaultCurrency,
    created_at: ts(entity.createdAt),
    updated_at: ts(entity.updatedAt),
    country: entity.country,
    address_line1: entity.addressLine1,
    address_line2: entity.addressLine2,
    phone: entity.phone,
    city: entity.city,
    state: entity.state,
    zipcode: entity.zipcode,
    einvoicing: false,
    email: entity.email,
    legal_name: entity.legalName,
    legal_number: entity.legalNumber,
    timezone: entity.timezone,
    net_payment_term: entity.netPaymentTerm,
    email_settings: entity.emailSettings,
    document_numbering: entity.documentNumbering,
    document_number_prefix: entity.documentNumberPrefix,
    tax_identification_number: entity.taxIdentificationNumber,
    finalize_zero_amount_invoice: entity.finalizeZeroAmountInvoice,
    invoice_footer: entity.invoiceFooter,
    invoice_grace_period: entity.invoiceGracePeriod,
    subscription_invoice_issuing_date_adjustment: entity.subscriptionInvoiceIssuingDateAdjustment,
    subscription_invoice_issuing_date_anchor: entity.subscriptionInvoiceIssuingDateAnchor,
    document_locale: entity.documentLocale,
    is_default: entity.isDefault,
    eu_tax_management: false,
    logo_url: null,
    ...(taxes ? { taxes: taxes.map(taxWire), selected_invoice_custom_sections: [] } : {}),
  };
}
