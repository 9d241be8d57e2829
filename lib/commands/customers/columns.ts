import { newId } from '@/db/ids';
import type { CustomerMetadata, customers } from '@/db/schema';
import type { CustomerInput } from './input.ts';

type Row = typeof customers.$inferSelect;
/** The columns an upsert may write. */
export type CustomerColumns = Omit<
  Row,
  | 'organizationId'
  | 'id'
  | 'externalId'
  | 'billingEntityId'
  | 'sequentialId'
  | 'slug'
  | 'pinnedNote'
  | 'parkedReason'
  | 'createdAt'
  | 'updatedAt'
  | 'deletedAt'
  | 'sortName'
>;

const NOTHING: CustomerColumns = {
  name: null,
  firstname: null,
  lastname: null,
  customerType: null,
  accountType: 'customer',
  email: null,
  phone: null,
  url: null,
  logoUrl: null,
  legalName: null,
  legalNumber: null,
  taxIdentificationNumber: null,
  addressLine1: null,
  addressLine2: null,
  city: null,
  state: null,
  zipcode: null,
  country: null,
  shippingAddress: null,
  currency: null,
  timezone: null,
  netPaymentTerm: null,
  invoiceGracePeriod: null,
  finalizeZeroAmountInvoice: 'inherit',
  documentLocale: null,
  subscriptionInvoiceIssuingDateAnchor: null,
  subscriptionInvoiceIssuingDateAdjustment: null,
  externalSalesforceId: null,
  skipInvoiceCustomSections: false,
  billingConfiguration: {},
  metadata: [],
};

/** Absent keeps what there is, null clears it. */
function next<T>(given: T | undefined, present: T): T {
  return given === undefined ? present : given;
}

/** The columns of a customer after an upsert, from what was sent and what there was. */
export function customerColumns(
  input: CustomerInput,
  now: number,
  present: CustomerColumns = NOTHING,
): CustomerColumns {
  const billing = input.billing_configuration ?? {};
  return {
    name: next(input.name, present.name),
    firstname: next(input.firstname, present.firstname),
    lastname: next(input.lastname, present.lastname),
    customerType: next(input.customer_type, present.customerType),
    accountType: input.account_type ?? present.accountType,
    email: next(input.email, present.email),
    phone: next(input.phone, present.phone),
    url: next(input.url, present.url),
    logoUrl: next(input.logo_url, present.logoUrl),
    legalName: next(input.legal_name, present.legalName),
    legalNumber: next(input.legal_number, present.legalNumber),
    taxIdentificationNumber: next(input.tax_identification_number, present.taxIdentificationNumber),
    addressLine1: next(input.address_line1, present.addressLine1),
    addressLine2: next(input.address_line2, present.addressLine2),
    city: next(input.city, present.city),
    state: next(input.state, present.state),
    zipcode: next(input.zipcode, present.zipcode),
    country: next(input.country, present.country),
    shippingAddress: shippingAddress(input, present),
    currency: next(input.currency, present.currency),
    timezone: next(input.timezone, present.timezone),
    netPaymentTerm: next(input.net_payment_term, present.netPaymentTerm),
    invoiceGracePeriod: next(billing.invoice_grace_period, present.invoiceGracePeriod),
    finalizeZeroAmountInvoice: input.finalize_zero_amount_invoice ?? present.finalizeZeroAmountInvoice,
    documentLocale: next(billing.document_locale, present.documentLocale),
    subscriptionInvoiceIssuingDateAnchor: next(
      billing.subscription_invoice_issuing_date_anchor,
      present.subscriptionInvoiceIssuingDateAnchor,
    ),
    subscriptionInvoiceIssuingDateAdjustment: next(
      billing.subscription_invoice_issuing_date_adjustment,
      present.subscriptionInvoiceIssuingDateAdjustment,
    ),
    externalSalesforceId: next(input.external_salesforce_id, present.externalSalesforceId),
    skipInvoiceCustomSections: input.skip_invoice_custom_sections ?? present.skipInvoiceCustomSections,
    billingConfiguration: providerConfiguration(input, present),
    metadata: metadata(input, now, present),
  };
}

function shippingAddress({ shipping_address: given }: CustomerInput, present: CustomerColumns) {
  if (given === undefined) return present.shippingAddress;
  if (given === null) return null;
  const before = present.shippingAddress;
  return {
    address_line1: next(given.address_line1, before?.address_line1 ?? null),
    address_line2: next(given.address_line2, before?.address_line2 ?? null),
    city: next(given.city, before?.city ?? null),
    zipcode: next(given.zipcode, before?.zipcode ?? null),
    state: next(given.state, before?.state ?? null),
    country: next(given.country, before?.country ?? null),
  };
}

const PROVIDER_MEMBERS = [
  'payment_provider',
  'payment_provider_code',
  'provider_customer_id',
  'provider_payment_methods',
] as const;

function providerConfiguration({ billing_configuration: given }: CustomerInput, present: CustomerColumns) {
  const configuration = { ...present.billingConfiguration };
  for (const member of PROVIDER_MEMBERS) {
    const value = given?.[member];
    if (value !== undefined) configuration[member] = value;
  }
  return configuration;
}

/** Entries keep their id when it is listed; entries whose id is not listed are gone. */
function metadata(
  { metadata: given }: CustomerInput,
  now: number,
  present: CustomerColumns,
): CustomerMetadata[] {
  if (given === undefined) return present.metadata;
  return (given ?? []).map(({ id, key, value, display_in_invoice }) => {
    const before = present.metadata.find((entry) => entry.id === id);
    return {
      id: before?.id ?? newId(),
      key,
      value,
      display_in_invoice: display_in_invoice ?? before?.display_in_invoice ?? false,
      created_at: before?.created_at ?? new Date(now).toISOString(),
    };
  });
}
