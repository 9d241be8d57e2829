import { z } from 'zod';
import { isTimeZone } from '@/lib/billing/periods/zone';
import {
  codes,
  currency,
  identifier,
  integer,
  oneOf,
  optionalFlag,
  optionalText,
  text,
} from '../core/fields.ts';

const MOST_METADATA = 5;
const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** Codes that ISO 3166 leaves to its users or keeps for other things than countries: "ZZ" is nowhere, "EU" no country. */
const NO_COUNTRY =
  /^(?:AA|Q[M-Z]|X[A-Z]|ZZ|EU|EZ|UN|UK|AC|AN|BU|CP|CQ|CS|DD|DG|EA|FX|IC|NT|SU|TA|TP|YD|YU|ZR)$/;

/** Whether these are the two letters of a country, upper case. */
export function isCountry(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && !NO_COUNTRY.test(code) && regions.of(code) !== undefined;
}

/** ISO 3166 alpha-2, upper case; lower case is taken too. Empty text clears it. */
export function country() {
  return z
    .preprocess(
      (value) => (typeof value === 'string' ? value.toUpperCase() || null : value),
      z
        .string({ error: 'not_a_valid_country_code' })
        .refine(isCountry, { error: 'not_a_valid_country_code' })
        .nullable(),
    )
    .optional();
}

export function timezone() {
  return z
    .preprocess(
      (value) => (value === '' ? null : value),
      z.string({ error: 'invalid_timezone' }).refine(isTimeZone, { error: 'invalid_timezone' }).nullable(),
    )
    .optional();
}

export function email() {
  return optionalText(255).refine(
    (value) => !value || value.split(/[,;]/).every((one) => /^[^\s@]+@[^\s@]+$/.test(one.trim())),
    { error: 'invalid_email_format' },
  );
}

const LANGUAGES = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** A language of ISO 639-1, with or without a country: "de", "de-AT". */
export function locale() {
  const error = 'not_a_valid_language_code';
  return z
    .string({ error })
    .refine((value) => /^[a-z]{2}(-[A-Z]{2})?$/.test(value) && LANGUAGES.of(value.slice(0, 2)), { error })
    .nullish();
}

export const issuingDateAnchor = () => oneOf(['current_period_end', 'next_period_start']).nullish();
export const issuingDateAdjustment = () => oneOf(['keep_anchor', 'align_with_finalization_date']).nullish();

const address = z
  .object({
    address_line1: optionalText(),
    address_line2: optionalText(),
    city: optionalText(),
    zipcode: optionalText(),
    state: optionalText(),
    country: country(),
  })
  .nullish();

const billingConfiguration = z.object({
  invoice_grace_period: integer(0, 365).nullish(),
  document_locale: locale(),
  subscription_invoice_issuing_date_anchor: issuingDateAnchor(),
  subscription_invoice_issuing_date_adjustment: issuingDateAdjustment(),
  payment_provider: optionalText(),
  payment_provider_code: optionalText(),
  provider_customer_id: optionalText(),
  sync: optionalFlag(),
  sync_with_provider: optionalFlag(),
  provider_payment_methods: z.array(z.string(), { error: 'must_be_an_array' }).nullish(),
});

const metadata = z
  .array(
    z.object({
      id: z.string().nullish(),
      key: text(),
      value: text(),
      display_in_invoice: optionalFlag(),
    }),
    { error: 'must_be_an_array' },
  )
  .max(MOST_METADATA, { error: 'invalid_count' })
  .nullish();

/** A customer as the wire sends it. Absent members of an update keep their value; null clears. */
export const customerInput = z.object({
  external_id: text(255),
  name: optionalText(255),
  firstname: optionalText(255),
  lastname: optionalText(255),
  customer_type: oneOf(['company', 'individual']).nullish(),
  account_type: oneOf(['customer', 'partner']).nullish(),
  email: email(),
  legal_name: optionalText(),
  legal_number: optionalText(),
  tax_identification_number: optionalText(),
  address_line1: optionalText(),
  address_line2: optionalText(),
  city: optionalText(),
  state: optionalText(),
  zipcode: optionalText(),
  country: country(),
  phone: optionalText(),
  url: optionalText(),
  logo_url: optionalText(),
  currency: currency().nullish(),
  timezone: timezone(),
  net_payment_term: integer(0, 3650).nullish(),
  external_salesforce_id: optionalText(),
  finalize_zero_amount_invoice: z.enum(['inherit', 'skip', 'finalize'], { error: 'invalid_value' }).nullish(),
  skip_invoice_custom_sections: optionalFlag(),
  billing_entity_code: identifier().nullish(),
  tax_codes: codes().nullish(),
  shipping_address: address,
  billing_configuration: billingConfiguration.nullish(),
  metadata,
});
export type CustomerInput = z.infer<typeof customerInput>;
