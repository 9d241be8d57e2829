import type { AlertType, wallets } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import type { BillingContext } from '@/lib/invoicing/context';
import { historicalUsage, invoicedUsage } from '@/lib/invoicing/lifetime';
import type { RunningUsage } from '@/lib/invoicing/running-usage';
import type { AlertRow } from './find.ts';

type WalletRow = typeof wallets.$inferSelect;

/** What a wallet's alert measures: minor units, or credits. */
export function walletValue(wallet: WalletRow, type: AlertType): Exact {
  switch (type) {
    case 'wallet_balance_amount':
      return Exact.of(wallet.balanceMinor);
    case 'wallet_credits_balance':
      return Exact.of(wallet.creditsBalance);
    case 'wallet_ongoing_balance_amount':
      return Exact.of(wallet.ongoingBalanceMinor);
    case 'wallet_credits_ongoing_balance':
      return Exact.of(wallet.creditsOngoingBalance);
    default:
      throw new RangeError(`${type} is not measured on a wallet`);
  }
}

/** What a subscription's alert measures: minor units before taxes, or units. */
export async function usageValue(
  ctx: BillingContext,
  running: RunningUsage,
  { alertType, billableMetricId }: AlertRow,
): Promise<Exact> {
  const { subscription, usage } = running;
  const ofMetric = usage.charges.filter(({ charge }) => charge.metric.id === billableMetricId);
  const units = Exact.sum(ofMetric.map((charge) => charge.units));
  switch (alertType) {
    case 'current_usage_amount':
      return Exact.of(usage.amountMinor);
    case 'billable_metric_current_usage_amount':
      return Exact.of(ofMetric.reduce((sum, { amountMinor }) => sum + amountMinor, 0n));
    case 'billable_metric_current_usage_units':
      return units;
    case 'lifetime_usage_amount': {
      const { amountMinor } = await invoicedUsage(ctx, subscription);
      return Exact.of((await historicalUsage(ctx, subscription)) + amountMinor + usage.amountMinor);
    }
    case 'billable_metric_lifetime_usage_units':
      return units.add((await invoicedUsage(ctx, subscription, billableMetricId ?? undefined)).units);
    default:
      throw new RangeError(`${alertType} is not measured on a subscription`);
  }
}
