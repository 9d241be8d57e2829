import { z } from 'zod';
import {
  currency,
  identifier,
  instant,
  integer,
  oneOf,
  optionalDecimal,
  optionalMinorUnits,
  optionalText,
  text,
} from '../core/fields';
import { customerInput } from '../customers/input';

const coupon = z.object({
  code: text(),
  name: optionalText(),
  coupon_type: oneOf(['fixed_amount', 'percentage']).nullish(),
  amount_cents: optionalMinorUnits(),
  amount_currency: currency().nullish(),
  percentage_rate: optionalDecimal(),
  frequency: oneOf(['once', 'recurring', 'forever']).nullish(),
  frequency_duration: integer(1).nullish(),
});
export type PreviewCoupon = z.infer<typeof coupon>;

/**
 * What an invoice preview is asked about (API contract, section 7): a customer on file or inline; a new subscription by
 * `plan_code`, or running ones by `subscriptions.external_ids`, as they are, ended or on another plan.
 */
export const invoicePreviewInput = z.object({
  customer: customerInput.partial({ external_id: true }),
  plan_code: text().nullish(),
  billing_time: oneOf(['calendar', 'anniversary']).nullish(),
  subscription_at: instant().nullish(),
  subscriptions: z
    .object({
      external_ids: z.array(text(), { error: 'must_be_an_array' }).min(1, { error: 'value_is_mandatory' }),
      plan_code: text().nullish(),
      terminated_at: instant().nullish(),
    })
    .nullish(),
  coupons: z.array(coupon).nullish(),
  billing_entity_code: identifier().nullish(),
});
export type InvoicePreviewInput = z.infer<typeof invoicePreviewInput>;
