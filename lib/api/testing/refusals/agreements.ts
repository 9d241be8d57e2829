import type { Loose } from '../world.ts';
import { type Refusal, TOO_MUCH_METADATA } from './refusal.ts';

const customer = (more: Loose) => ({ customer: { external_id: 'z', ...more } });
const CUSTOMERS: Refusal[] = [
  ['POST', '/customers', { customer: { name: 'x' } }, { external_id: ['value_is_mandatory'] }],
  ['POST', '/customers', customer({ country: 'XX' }), { country: ['not_a_valid_country_code'] }],
  ['POST', '/customers', customer({ timezone: 'Mars' }), { timezone: ['invalid_timezone'] }],
  ['POST', '/customers', customer({ currency: 'XXQ' }), { currency: ['value_is_invalid'] }],
  ['POST', '/customers', customer({ email: 'x' }), { email: ['invalid_email_format'] }],
  [
    'POST',
    '/customers',
    customer({ billing_configuration: { document_locale: 'xx' } }),
    { document_locale: ['not_a_valid_language_code'] },
  ],
  ['POST', '/customers', customer({ metadata: TOO_MUCH_METADATA }), { metadata: ['invalid_count'] }],
  [
    'POST',
    '/customers',
    customer({ finalize_zero_amount_invoice: 'x' }),
    { finalize_zero_amount_invoice: ['invalid_value'] },
  ],
  [
    'POST',
    '/customers',
    { customer: { external_id: 'c', currency: 'USD' } },
    { currency: ['currencies_does_not_match'] },
  ],
];

const subscription = (more: Loose) => ({
  subscription: { external_customer_id: 'c', plan_code: 'p', external_id: 'z', ...more },
});
const SUBSCRIPTIONS: Refusal[] = [
  ['POST', '/subscriptions', subscription({ subscription_at: 'x' }), { subscription_at: ['invalid_date'] }],
  [
    'POST',
    '/subscriptions',
    subscription({ ending_at: '2020-01-01T00:00:00Z' }),
    { ending_at: ['invalid_date'] },
  ],
  ...['2024-02-31', 'March 1, 2024', 1709600000, '2024-03-01T25:00:00Z'].map(
    (subscription_at): Refusal => [
      'POST',
      '/subscriptions',
      subscription({ subscription_at }),
      { subscription_at: ['invalid_date'] },
    ],
  ),
  ['POST', '/subscriptions', subscription({ billing_time: 'x' }), { billing_time: ['value_is_invalid'] }],
  ['POST', '/subscriptions', subscription({ external_id: null }), { external_id: ['value_is_mandatory'] }],
  [
    'POST',
    '/subscriptions',
    subscription({ external_customer_id: '' }),
    { external_customer_id: ['value_is_mandatory'] },
  ],
  [
    'POST',
    '/subscriptions',
    { subscription: { external_customer_id: 'd', plan_code: 'p', external_id: 's' } },
    { external_id: ['value_already_exist'] },
  ],
  [
    'PUT',
    '/subscriptions/s',
    { subscription: { on_termination_credit_note: 'x' } },
    { on_termination_credit_note: ['invalid_value'] },
  ],
  [
    'DELETE',
    '/subscriptions/s?on_termination_invoice=x',
    null,
    { on_termination_invoice: ['invalid_value'] },
  ],
  ['GET', '/subscriptions?status%5B%5D=x', null, { status: ['value_is_invalid'] }],
  [
    'POST',
    '/subscriptions',
    subscription({ payment_method: { payment_method_type: 'card' } }),
    { payment_method: ['invalid_payment_method'] },
  ],
  [
    'POST',
    '/subscriptions',
    subscription({ activation_rules: {} }),
    { activation_rules: ['invalid_format'] },
  ],
  [
    'POST',
    '/subscriptions',
    subscription({
      usage_thresholds: [{ amount_cents: 5 }],
      plan_overrides: { usage_thresholds: [{ amount_cents: 6 }] },
    }),
    { usage_thresholds: ['incompatible_params'] },
  ],
  [
    'PUT',
    '/subscriptions/s',
    { subscription: { usage_thresholds: [{ amount_cents: 5 }, { amount_cents: 5 }] } },
    { amount_cents: ['value_is_duplicated'] },
  ],
  [
    'PUT',
    '/subscriptions/s',
    {
      subscription: {
        usage_thresholds: [
          { amount_cents: 5, recurring: true },
          { amount_cents: 6, recurring: true },
        ],
      },
    },
    { usage_thresholds: ['multiple_recurring_thresholds'] },
  ],
];

const event = (more: Loose) => ({
  event: { transaction_id: 'e2', external_subscription_id: 's', code: 'count', ...more },
});
const EVENTS: Refusal[] = [
  ['POST', '/events', event({ transaction_id: 'e1' }), { transaction_id: ['value_already_exist'] }],
  ['POST', '/events', event({ transaction_id: null }), { transaction_id: ['value_is_mandatory'] }],
  ['POST', '/events', event({ timestamp: '2024-03-05T10:00:00Z' }), { timestamp: ['invalid_format'] }],
  ['POST', '/events', event({ code: null }), { code: ['value_is_mandatory'] }],
  ['POST', '/events/batch', { events: [] }, { events: ['no_events'] }],
  [
    'POST',
    '/events/batch',
    { events: Array.from({ length: 1001 }, (_one, n) => event({ transaction_id: `b${n}` }).event) },
    { events: ['too_many_events'] },
  ],
  [
    'POST',
    '/events/batch',
    { events: [event({}).event, event({ transaction_id: 'e1' }).event] },
    { 1: { transaction_id: ['value_already_exist'] } },
  ],
  [
    'POST',
    '/events/estimate_fees',
    event({ code: 'nothing' }),
    { code: ['does_not_match_an_instant_charge'] },
  ],
];

/** What customers, subscriptions and events must not be. */
export const REFUSED_AGREEMENTS: Refusal[] = [...CUSTOMERS, ...SUBSCRIPTIONS, ...EVENTS];
