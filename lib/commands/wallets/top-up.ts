import { and, eq, sql } from 'drizzle-orm';
import { walletTransactions } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { topUpOf } from '@/lib/billing/top-up/rule';
import type { BillingContext } from '@/lib/invoicing/context';
import { purchaseCredits } from '@/lib/invoicing/purchases';
import { creditsOf, creditText } from '@/lib/invoicing/wallet-balance';
import { grantCredits } from '@/lib/invoicing/wallets';
import type { WalletRow } from './find.ts';
import type { TopUpRuleRow } from './rules.ts';

/** Credits to buy and to give. */
export interface TopUp {
  paid: Exact;
  granted: Exact;
}

/** Buys and gives what a rule asks for, under the rule's own words and limits. */
export async function performTopUp(
  ctx: BillingContext,
  wallet: WalletRow,
  rule: TopUpRuleRow,
  { paid, granted }: TopUp,
): Promise<void> {
  const details = {
    walletId: wallet.id,
    source: rule.trigger,
    ruleId: rule.id,
    name: rule.transactionName,
    metadata: rule.transactionMetadata,
    purchaseOrderNumber: rule.purchaseOrderNumber,
  };
  if (paid.isPositive()) {
    await purchaseCredits(ctx, {
      ...details,
      credits: creditText(paid),
      invoiceRequiresSuccessfulPayment: rule.invoiceRequiresSuccessfulPayment,
      ignorePaidTopUpLimits: rule.ignorePaidTopUpLimits || rule.method === 'target',
    });
  }
  if (granted.isPositive()) await grantCredits(ctx, { ...details, credits: creditText(granted) });
}

/** Bought credits that still wait for their payment. */
export async function pendingCredits(
  { tx, organizationId }: BillingContext,
  walletId: string,
): Promise<Exact> {
  const [row] = await tx
    .select({ total: sql<string>`coalesce(sum(${walletTransactions.creditAmount}), 0)::text` })
    .from(walletTransactions)
    .where(
      and(
        eq(walletTransactions.organizationId, organizationId),
        eq(walletTransactions.walletId, walletId),
        eq(walletTransactions.status, 'pending'),
      ),
    );
  return Exact.of(row?.total ?? '0');
}

/** What an interval rule asks for on its day (semantics 10.8). */
export function intervalTopUp(wallet: WalletRow, rule: TopUpRuleRow): TopUp {
  const least = wallet.paidTopUpMinAmountMinor;
  const { paidCredits, grantedCredits } = topUpOf(
    rule.method === 'target'
      ? {
          method: 'target',
          trigger: 'interval',
          targetOngoingBalance: Exact.of(rule.targetOngoingBalance ?? '0'),
          grantsTargetTopUp: rule.grantsTargetTopUp ?? false,
        }
      : {
          method: 'fixed',
          trigger: 'interval',
          paidCredits: Exact.of(rule.paidCredits),
          grantedCredits: Exact.of(rule.grantedCredits),
        },
    { ongoing: Exact.of(wallet.creditsOngoingBalance), pending: Exact.ZERO },
    { min: least === null ? null : creditsOf(wallet, least), max: null },
  );
  return { paid: paidCredits, granted: grantedCredits };
}
