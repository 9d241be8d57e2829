import { z } from 'zod';
import type { billingEntities } from '@/db/schema';
import { codes, currency, integer, oneOf, optionalFlag, optionalText, text } from '../core/fields.ts';
import {
  country,
  email,
  issuingDateAdjustment,
  issuingDateAnchor,
  locale,
  timezone,
} from '../customers/input.ts';
import { webhookUrl } from '../webhooks/input.ts';

type EntityRow = typeof billingEntities.$inferSelect;

const EMAILS = ['invoice.finalized', 'credit_note.created', 'payment_receipt.created'] as const;

const shared = {
  name: text(255).optional(),
  default_currency: currency().nullish(),
  country: country(),
  address_line1: optionalText(),
  address_line2: optionalText(),
  city: optionalText(),
  state: optionalText(),
  zipcode: optionalText(),
  email: email(),
  legal_name: optionalText(),
  legal_number: optionalText(),
  tax_identification_number: optionalText(),
  timezone: timezone(),
  net_payment_term: integer(0, 3650).nullish(),
  email_settings: z
    .array(z.enum(EMAILS, { error: 'value_is_invalid' }), { error: 'must_be_an_array' })
    .nullish(),
  document_numbering: oneOf(['per_customer', 'per_organization', 'per_billing_entity']).nullish(),
  document_number_prefix: optionalText(10),
  finalize_zero_amount_invoice: optionalFlag(),
  billing_configuration: z
    .object({
      invoice_footer: optionalText(),
      invoice_grace_period: integer(0, 365).nullish(),
      document_locale: locale(),
      subscription_invoice_issuing_date_anchor: issuingDateAnchor(),
      subscription_invoice_issuing_date_adjustment: issuingDateAdjustment(),
    })
    .nullish(),
};

/** Lago's organization object describes the default billing entity. */
export const organizationChanges = z.object({
  ...shared,
  webhook_url: z.union([z.literal('').transform(() => null), webhookUrl()]).nullish(),
});
export type OrganizationChanges = z.infer<typeof organizationChanges>;

export const entityChanges = z.object({
  ...shared,
  phone: optionalText(),
  invoice_footer: optionalText(),
  invoice_grace_period: integer(0, 365).nullish(),
  document_locale: locale(),
  subscription_invoice_issuing_date_anchor: issuingDateAnchor(),
  subscription_invoice_issuing_date_adjustment: issuingDateAdjustment(),
  tax_codes: codes().nullish(),
});
export type EntityChanges = z.infer<typeof entityChanges>;

export const entityInput = entityChanges.extend({ code: text(255), name: text(255) });
export type EntityInput = z.infer<typeof entityInput>;

/** The columns an input decides. */
export type EntityColumns = Omit<
  EntityRow,
  'organizationId' | 'id' | 'code' | 'isDefault' | 'dunningCampaignId' | 'createdAt' | 'updatedAt'
>;

export const NEW_ENTITY: Omit<EntityColumns, 'name' | 'documentNumberPrefix'> = {
  defaultCurrency: 'USD',
  timezone: 'UTC',
  country: null,
  addressLine1: null,
  addressLine2: null,
  city: null,
  state: null,
  zipcode: null,
  phone: null,
  email: null,
  legalName: null,
  legalNumber: null,
  taxIdentificationNumber: null,
  netPaymentTerm: 0,
  invoiceGracePeriod: 0,
  invoiceFooter: null,
  documentLocale: 'en',
  documentNumbering: 'per_customer',
  finalizeZeroAmountInvoice: true,
  subscriptionInvoiceIssuingDateAnchor: 'next_period_start',
  subscriptionInvoiceIssuingDateAdjustment: 'align_with_finalization_date',
  emailSettings: [],
};

function next<T>(given: T | undefined, present: T): T {
  return given === undefined ? present : given;
}

/** The columns after a change: absent keeps, null clears where the column may be empty and keeps where it may not. */
export function entityColumns(changes: EntityChanges, present: EntityColumns): EntityColumns {
  const billing = { ...definedOnly(changes), ...changes.billing_configuration };
  const numbering = changes.document_numbering;
  return {
    name: changes.name ?? present.name,
    defaultCurrency: changes.default_currency ?? present.defaultCurrency,
    timezone: changes.timezone ?? present.timezone,
    country: next(changes.country, present.country),
    addressLine1: next(changes.address_line1, present.addressLine1),
    addressLine2: next(changes.address_line2, present.addressLine2),
    city: next(changes.city, present.city),
    state: next(changes.state, present.state),
    zipcode: next(changes.zipcode, present.zipcode),
    phone: next(changes.phone, present.phone),
    email: next(changes.email, present.email),
    legalName: next(changes.legal_name, present.legalName),
    legalNumber: next(changes.legal_number, present.legalNumber),
    taxIdentificationNumber: next(changes.tax_identification_number, present.taxIdentificationNumber),
    netPaymentTerm: changes.net_payment_term ?? present.netPaymentTerm,
    emailSettings: changes.email_settings ?? present.emailSettings,
    documentNumbering: numbering
      ? numbering === 'per_customer'
        ? 'per_customer'
        : 'per_billing_entity'
      : present.documentNumbering,
    documentNumberPrefix: changes.document_number_prefix?.toUpperCase() || present.documentNumberPrefix,
    finalizeZeroAmountInvoice: changes.finalize_zero_amount_invoice ?? present.finalizeZeroAmountInvoice,
    invoiceFooter: next(billing.invoice_footer, present.invoiceFooter),
    invoiceGracePeriod: billing.invoice_grace_period ?? present.invoiceGracePeriod,
    documentLocale: billing.document_locale ?? present.documentLocale,
    subscriptionInvoiceIssuingDateAnchor:
      billing.subscription_invoice_issuing_date_anchor ?? present.subscriptionInvoiceIssuingDateAnchor,
    subscriptionInvoiceIssuingDateAdjustment:
      billing.subscription_invoice_issuing_date_adjustment ??
      present.subscriptionInvoiceIssuingDateAdjustment,
  };
}

function definedOnly(changes: EntityChanges) {
  const {
    invoice_footer,
    invoice_grace_period,
    document_locale,
    subscription_invoice_issuing_date_anchor,
    subscription_invoice_issuing_date_adjustment,
  } = changes;
  return {
    invoice_footer,
    invoice_grace_period,
    document_locale,
    subscription_invoice_issuing_date_anchor,
    subscription_invoice_issuing_date_adjustment,
  };
}
