import type { billingEntities, organizations } from '@/db/schema';
import type { TaxNode } from '@/lib/queries/api/taxes-of';
import { ts } from '../wire.ts';
import { taxWire } from './tax.ts';

type EntityRow = typeof billingEntities.$inferSelect;

export interface OrganizationObject {
  organization: typeof organizations.$inferSelect;
  /** The default billing entity, which is what Lago's organization describes. */
  entity: EntityRow;
  webhookUrls: string[];
}

/** API contract, section 11. `taxes` stand on update only. */
export function organizationWire(
  { organization, entity, webhookUrls }: OrganizationObject,
  taxes?: TaxNode[],
) {
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

/** A billing entity; `taxes` and the (unused) sections stand on show and update. */
export function billingEntityWire(entity: EntityRow, taxes?: TaxNode[]) {
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
