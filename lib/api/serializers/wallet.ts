import { z } from 'zod';
import type { topUpRules, wallets, walletTransactions } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { majorToMinorExact, minorToMajor } from '@/lib/billing/money/money';
import { dec, decOrNull, ts, ts3OrNull, tsOrNull } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';
import { PROVIDER_METHOD, paymentMethodSchema } from './subscription.ts';

type RuleRow = typeof topUpRules.$inferSelect;

export interface WalletObject {
  wallet: typeof wallets.$inferSelect;
  externalCustomerId: string;
  billingEntityCode: string;
  /** Active ones. */
  rules: RuleRow[];
  allowedMetricCodes: string[];
}

const pair = z.object({ key: is.str, value: is.str });

export const ruleSchema = resource('RecurringTransactionRule', {
  lago_id: is.uuid,
  paid_credits: is.dec,
  granted_credits: is.dec,
  grants_target_top_up: is.bool.nullable(),
  interval: is.str.nullable(),
  method: z.enum(['fixed', 'target']),
  started_at: is.ts.nullable(),
  expiration_at: is.ts.nullable(),
  status: z.enum(['active', 'terminated']),
  target_ongoing_balance: is.dec.nullable(),
  threshold_credits: is.dec.nullable(),
  trigger: z.enum(['interval', 'threshold']),
  created_at: is.ts,
  invoice_requires_successful_payment: is.bool,
  transaction_metadata: z.array(pair),
  transaction_name: is.str.nullable(),
  purchase_order_number: is.str.nullable(),
  ignore_paid_top_up_limits: is.bool,
  applied_invoice_custom_sections: is.none,
  payment_method: paymentMethodSchema,
});

export function ruleWire(rule: RuleRow): Wire<typeof ruleSchema> {
  return {
    lago_id: rule.id,
    paid_credits: dec(rule.paidCredits),
    granted_credits: dec(rule.grantedCredits),
    grants_target_top_up: rule.grantsTargetTopUp,
    interval: rule.interval,
    method: rule.method,
    started_at: tsOrNull(rule.startedAt),
    expiration_at: tsOrNull(rule.expirationAt),
    status: rule.status,
    target_ongoing_balance: decOrNull(rule.targetOngoingBalance),
    threshold_credits: decOrNull(rule.thresholdCredits),
    trigger: rule.trigger,
    created_at: ts(rule.createdAt),
    invoice_requires_successful_payment: rule.invoiceRequiresSuccessfulPayment,
    transaction_metadata: rule.transactionMetadata,
    transaction_name: rule.transactionName,
    purchase_order_number: rule.purchaseOrderNumber,
    ignore_paid_top_up_limits: rule.ignorePaidTopUpLimits,
    applied_invoice_custom_sections: [],
    payment_method: PROVIDER_METHOD,
  };
}

export const walletSchema = resource('Wallet', {
  lago_id: is.uuid,
  lago_customer_id: is.uuid,
  external_customer_id: is.str,
  billing_entity_code: is.str,
  status: z.enum(['active', 'terminated']),
  currency: is.currency,
  name: is.str.nullable(),
  code: is.str.nullable(),
  purchase_order_number: is.str.nullable(),
  rate_amount: is.dec,
  credits_balance: is.dec,
  credits_ongoing_balance: is.dec,
  credits_ongoing_usage_balance: is.dec,
  balance_cents: is.cents,
  ongoing_balance_cents: is.cents,
  ongoing_usage_balance_cents: is.cents,
  consumed_credits: is.dec,
  created_at: is.ts,
  expiration_at: is.ts.nullable(),
  last_balance_sync_at: is.ts.nullable(),
  last_consumed_credit_at: is.ts.nullable(),
  terminated_at: is.ts3.nullable(),
  invoice_requires_successful_payment: is.bool,
  paid_top_up_min_amount_cents: is.cents.nullable(),
  paid_top_up_max_amount_cents: is.cents.nullable(),
  priority: is.int,
  recurring_transaction_rules: z.array(ruleSchema),
  applies_to: z.object({ fee_types: is.texts, billable_metric_codes: is.texts }),
  applied_invoice_custom_sections: is.none,
  payment_method: paymentMethodSchema,
  metadata: z.record(z.string(), is.str.nullable()).optional(),
});

/** API contract, section 9. */
export function walletWire({
  wallet,
  externalCustomerId,
  billingEntityCode,
  rules,
  allowedMetricCodes,
}: WalletObject): Wire<typeof walletSchema> {
  const metadata = wallet.metadata && Object.keys(wallet.metadata).length > 0 ? wallet.metadata : null;
  return {
    lago_id: wallet.id,
    lago_customer_id: wallet.customerId,
    external_customer_id: externalCustomerId,
    billing_entity_code: billingEntityCode,
    status: wallet.status,
    currency: wallet.currency,
    name: wallet.name,
    code: wallet.code,
    purchase_order_number: wallet.purchaseOrderNumber,
    rate_amount: dec(wallet.rateAmount),
    credits_balance: dec(wallet.creditsBalance),
    credits_ongoing_balance: dec(wallet.creditsOngoingBalance),
    credits_ongoing_usage_balance: dec(wallet.creditsOngoingUsageBalance),
    balance_cents: wallet.balanceMinor,
    ongoing_balance_cents: wallet.ongoingBalanceMinor,
    ongoing_usage_balance_cents: wallet.ongoingUsageBalanceMinor,
    consumed_credits: dec(wallet.consumedCredits),
    created_at: ts(wallet.createdAt),
    expiration_at: tsOrNull(wallet.expirationAt),
    last_balance_sync_at: tsOrNull(wallet.lastBalanceSyncAt),
    last_consumed_credit_at: tsOrNull(wallet.lastConsumedCreditAt),
    terminated_at: ts3OrNull(wallet.terminatedAt),
    invoice_requires_successful_payment: wallet.invoiceRequiresSuccessfulPayment,
    paid_top_up_min_amount_cents: wallet.paidTopUpMinAmountMinor,
    paid_top_up_max_amount_cents: wallet.paidTopUpMaxAmountMinor,
    priority: wallet.priority,
    recurring_transaction_rules: rules.map(ruleWire),
    applies_to: { fee_types: wallet.allowedFeeTypes, billable_metric_codes: allowedMetricCodes },
    applied_invoice_custom_sections: [],
    payment_method: PROVIDER_METHOD,
    ...(metadata ? { metadata } : {}),
  };
}

export interface WalletTransactionObject {
  transaction: typeof walletTransactions.$inferSelect;
  wallet: Pick<typeof wallets.$inferSelect, 'currency' | 'rateAmount'>;
  billingEntityCode: string;
}

export const walletTransactionSchema = resource('WalletTransaction', {
  lago_id: is.uuid,
  lago_wallet_id: is.uuid,
  lago_invoice_id: is.uuid.nullable(),
  lago_credit_note_id: is.uuid.nullable(),
  lago_voided_invoice_id: is.uuid.nullable(),
  billing_entity_code: is.str,
  status: z.enum(['pending', 'settled', 'failed']),
  source: z.enum(['manual', 'interval', 'threshold']),
  transaction_status: z.enum(['purchased', 'granted', 'voided', 'invoiced']),
  transaction_type: z.enum(['inbound', 'outbound']),
  amount: is.dec,
  credit_amount: is.dec,
  remaining_amount_cents: is.cents.nullable(),
  remaining_credit_amount: is.dec.nullable(),
  priority: is.int,
  purchase_order_number: is.str.nullable(),
  settled_at: is.ts.nullable(),
  failed_at: is.ts.nullable(),
  created_at: is.ts,
  invoice_requires_successful_payment: is.bool,
  metadata: z.array(pair),
  name: is.str.nullable(),
  payment_method: paymentMethodSchema,
});

/** A movement of credits. `amount` is in currency units. Expired credits are ours; the contract knows them as voided. */
export function walletTransactionWire({
  transaction: row,
  wallet,
  billingEntityCode,
}: WalletTransactionObject): Wire<typeof walletTransactionSchema> {
  const remaining = row.remainingAmountMinor;
  const rateMinor = majorToMinorExact(Exact.of(wallet.rateAmount), wallet.currency);
  return {
    lago_id: row.id,
    lago_wallet_id: row.walletId,
    lago_invoice_id: row.invoiceId,
    lago_credit_note_id: row.creditNoteId,
    lago_voided_invoice_id: row.voidedInvoiceId,
    billing_entity_code: billingEntityCode,
    status: row.status,
    source: row.source,
    transaction_status: row.transactionStatus === 'expired' ? 'voided' : row.transactionStatus,
    transaction_type: row.transactionType,
    amount: dec(minorToMajor(row.amountMinor, wallet.currency)),
    credit_amount: dec(row.creditAmount),
    remaining_amount_cents: remaining,
    remaining_credit_amount:
      remaining === null || rateMinor.isZero() ? null : dec(Exact.of(remaining).div(rateMinor)),
    priority: row.priority,
    purchase_order_number: row.purchaseOrderNumber,
    settled_at: tsOrNull(row.settledAt),
    failed_at: tsOrNull(row.failedAt),
    created_at: ts(row.createdAt),
    invoice_requires_successful_payment: row.invoiceRequiresSuccessfulPayment,
    metadata: row.metadata,
    name: row.name,
    payment_method: PROVIDER_METHOD,
  };
}
