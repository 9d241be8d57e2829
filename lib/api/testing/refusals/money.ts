import type { Loose } from '../world.ts';
import { type Refusal, TOO_MUCH_METADATA } from './refusal.ts';

const coupon = {
  name: 'K',
  code: 'z',
  coupon_type: 'fixed_amount',
  amount_cents: 1,
  amount_currency: 'EUR',
  frequency: 'once',
};
const COUPONS: Refusal[] = [
  [
    'POST',
    '/coupons',
    { coupon: { ...coupon, expiration: 'time_limit', expiration_at: '2020-01-01T00:00:00Z' } },
    { expiration_at: ['invalid_date'] },
  ],
  [
    'POST',
    '/applied_coupons',
    { applied_coupon: { external_customer_id: 'c', coupon_code: 'k' } },
    { coupon: ['coupon_is_not_reusable'] },
  ],
  [
    'POST',
    '/applied_coupons',
    { applied_coupon: { external_customer_id: 'c', coupon_code: 'usd' } },
    { currency: ['currencies_does_not_match'] },
  ],
  ['GET', '/applied_coupons?status=x', null, { status: ['value_is_invalid'] }],
];

const wallet = (more: Loose) => ({
  wallet: { external_customer_id: 'c', rate_amount: '1', currency: 'EUR', ...more },
});
const moves = (more: Loose) => ({ wallet_transaction: { wallet_id: '{wallet}', ...more } });
const WALLETS: Refusal[] = [
  ['POST', '/wallets', wallet({ external_customer_id: 'none' }), { customer: ['customer_not_found'] }],
  [
    'POST',
    '/wallets',
    wallet({ paid_credits: 'x' }),
    { paid_credits: ['invalid_paid_credits', 'invalid_amount'] },
  ],
  [
    'POST',
    '/wallets',
    wallet({ granted_credits: '-1' }),
    { granted_credits: ['invalid_granted_credits', 'invalid_amount'] },
  ],
  [
    'POST',
    '/wallets',
    wallet({ paid_credits: '1', paid_top_up_min_amount_cents: 500 }),
    { paid_credits: ['amount_below_minimum'] },
  ],
  [
    'POST',
    '/wallets',
    wallet({ paid_credits: '9', paid_top_up_max_amount_cents: 500 }),
    { paid_credits: ['amount_above_maximum'] },
  ],
  [
    'POST',
    '/wallets',
    wallet({ expiration_at: '2020-01-01T00:00:00Z' }),
    { expiration_at: ['invalid_date'] },
  ],
  ['POST', '/wallets', wallet({ priority: 51 }), { priority: ['value_is_invalid'] }],
  ['PUT', '/wallets/{ended}', { wallet: { name: 'Y' } }, { wallet_id: ['wallet_is_terminated'] }],
  ['POST', '/wallets/{wallet}/metadata', { metadata: ['x'] }, { metadata: ['invalid_type'] }],
  ['POST', '/wallets', wallet({ applies_to: { fee_types: ['x'] } }), { applies_to: ['invalid_limitations'] }],
  [
    'POST',
    '/wallets',
    wallet({ recurring_transaction_rules: [{ trigger: 'x' }] }),
    { recurring_transaction_rules: ['invalid_recurring_rule'] },
  ],
  [
    'POST',
    '/wallets',
    wallet({
      recurring_transaction_rules: [
        { trigger: 'interval', interval: 'monthly' },
        { trigger: 'interval', interval: 'weekly' },
      ],
    }),
    { recurring_transaction_rules: ['invalid_number_of_recurring_rules'] },
  ],
  [
    'POST',
    '/wallet_transactions',
    moves({ wallet_id: '{fee}', granted_credits: '1' }),
    { wallet_id: ['wallet_not_found'] },
  ],
  [
    'POST',
    '/wallet_transactions',
    moves({ wallet_id: '{ended}', granted_credits: '1' }),
    { wallet_id: ['wallet_is_terminated'] },
  ],
  [
    'POST',
    '/wallet_transactions',
    moves({ voided_credits: '99' }),
    { voided_credits: ['insufficient_credits'] },
  ],
  [
    'POST',
    '/wallet_transactions',
    moves({ voided_credits: 'x' }),
    { voided_credits: ['invalid_voided_credits'] },
  ],
];

const payment = (more: Loose) => ({
  payment: { invoice_id: '{invoice}', amount_cents: 1, reference: 'r', ...more },
});
const note = (more: Loose) => ({
  credit_note: {
    invoice_id: '{invoice}',
    credit_amount_cents: 100,
    items: [{ fee_id: '{fee}', amount_cents: 100 }],
    ...more,
  },
});
const PAYMENTS: Refusal[] = [
  [
    'PUT',
    '/invoices/{invoice}',
    { invoice: { payment_status: 'x' } },
    { payment_status: ['value_is_invalid'] },
  ],
  [
    'PUT',
    '/invoices/{invoice}',
    { invoice: { metadata: TOO_MUCH_METADATA } },
    { metadata: ['invalid_count'] },
  ],
  ['POST', '/invoices/{invoice}/payment_url', null, { base: ['no_linked_payment_provider'] }],
  ['GET', '/invoices?amount_from=x', null, { amount_from: ['value_is_invalid'] }],
  ['GET', '/invoices?issuing_date_to=x', null, { issuing_date_to: ['invalid_date'] }],
  [
    'POST',
    '/payments',
    { payment: { amount_cents: 1, reference: 'r' } },
    { invoice_id: ['value_is_mandatory'] },
  ],
  [
    'POST',
    '/invoices/{paid}/void',
    { generate_credit_note: true, refund_amount: 5001 },
    { credit_refund_amount: ['total_amount_exceeds_invoice_amount'] },
  ],
  [
    'POST',
    '/invoices/{invoice}/void',
    { generate_credit_note: true, refund_amount: 1 },
    { refund_amount_cents: ['cannot_refund_unpaid_invoice'] },
  ],
  ['POST', '/payments', payment({ amount_cents: 0 }), { amount_cents: ['invalid_value'] }],
  ['POST', '/payments', payment({ amount_cents: 5001 }), { amount_cents: ['invalid_value'] }],
  ['POST', '/payments', payment({ amount_cents: -1 }), { amount_cents: ['invalid_value'] }],
  ['POST', '/payments', payment({ amount_cents: 1.5 }), { amount_cents: ['invalid_value'] }],
  ['POST', '/payments', payment({ amount_cents: null }), { amount_cents: ['invalid_value'] }],
  ['POST', '/payments', payment({ paid_at: 'x' }), { paid_at: ['invalid_date'] }],
  ['POST', '/payments', payment({ reference: '' }), { reference: ['value_is_mandatory'] }],
  ['POST', '/payments', payment({ reference: 'r'.repeat(41) }), { reference: ['value_is_too_long'] }],
  ['POST', '/credit_notes', note({ items: 'x' }), { items: ['must_be_an_array'] }],
  [
    'POST',
    '/credit_notes',
    note({ items: [{ fee_id: '{fee}', amount_cents: -1 }] }),
    { amount_cents: ['invalid_value'] },
  ],
  [
    'POST',
    '/credit_notes',
    note({ credit_amount_cents: 6000, items: [{ fee_id: '{fee}', amount_cents: 6000 }] }),
    {
      amount_cents: ['higher_than_remaining_fee_amount'],
      base: ['higher_than_remaining_invoice_amount'],
      credit_amount_cents: ['higher_than_remaining_invoice_amount'],
    },
  ],
  ['POST', '/credit_notes', note({ credit_amount_cents: 50 }), { base: ['does_not_match_item_amounts'] }],
  [
    'POST',
    '/credit_notes',
    note({ credit_amount_cents: 0, refund_amount_cents: 100 }),
    { refund_amount_cents: ['cannot_refund_unpaid_invoice'] },
  ],
  ['GET', '/fees?fee_type=x', null, { fee_type: ['value_is_invalid'] }],
  ['GET', '/fees?payment_status=x', null, { payment_status: ['value_is_invalid'] }],
  ['GET', '/fees?created_at_from=x', null, { created_at_from: ['invalid_date'] }],
  ['GET', '/customers/c/past_usage', null, { external_subscription_id: ['value_is_mandatory'] }],
];

/** What discounts, credits, payments and credit notes must not be. */
export const REFUSED_MONEY: Refusal[] = [...COUPONS, ...WALLETS, ...PAYMENTS];
