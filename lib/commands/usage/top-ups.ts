import { and, desc, eq, gt } from 'drizzle-orm';
import { topUpRules, walletTransactions } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { isBelowThreshold, topUpOf } from '@/lib/billing/top-up/rule';
import type { BillingContext } from '@/lib/invoicing/context';
import { creditsOf, type WalletRow } from '@/lib/invoicing/wallet-balance';
import { pendingCredits, performTopUp } from '../wallets/top-up';

type RuleRow = typeof topUpRules.$inferSelect;

const HOUR_MS = 3_600_000;

/** Refills a wallet whose ongoing balance has fallen to its rule's threshold (semantics 10.8). */
export async function refillWallet(ctx: BillingContext, wallet: WalletRow): Promise<void> {
  const rule = await thresholdRule(ctx, wallet.id);
  if (!rule || wallet.status !== 'active') return;
  const threshold = Exact.of(rule.thresholdCredits ?? '0');
  const balances = {
    ongoing: Exact.of(wallet.creditsOngoingBalance),
    pending: await pendingCredits(ctx, wallet.id),
  };
  if (!isBelowThreshold(threshold, balances)) return;
  const limit = (amountMinor: bigint | null): Exact | null =>
    amountMinor === null ? null : creditsOf(wallet, amountMinor);
  const { paidCredits, grantedCredits } = topUpOf(rulePart(rule, threshold), balances, {
    min: limit(wallet.paidTopUpMinAmountMinor),
    max: rule.ignorePaidTopUpLimits ? null : limit(wallet.paidTopUpMaxAmountMinor),
  });
  const waits = paidCredits.isPositive() && (await declinedLately(ctx, wallet.id));
  await performTopUp(ctx, wallet, rule, { paid: waits ? Exact.ZERO : paidCredits, granted: grantedCredits });
}

function rulePart(rule: RuleRow, thresholdCredits: Exact): Parameters<typeof topUpOf>[0] {
  if (rule.method === 'target') {
    return {
      method: 'target',
      trigger: 'threshold',
      targetOngoingBalance: Exact.of(rule.targetOngoingBalance ?? '0'),
      grantsTargetTopUp: rule.grantsTargetTopUp ?? false,
    };
  }
  return {
    method: 'fixed',
    trigger: 'threshold',
    paidCredits: Exact.of(rule.paidCredits),
    grantedCredits: Exact.of(rule.grantedCredits),
    thresholdCredits,
  };
}

async function thresholdRule(
  { tx, organizationId, now }: BillingContext,
  walletId: string,
): Promise<RuleRow | null> {
  const [rule] = await tx
    .select()
    .from(topUpRules)
    .where(
      and(
        eq(topUpRules.organizationId, organizationId),
        eq(topUpRules.walletId, walletId),
        eq(topUpRules.status, 'active'),
        eq(topUpRules.trigger, 'threshold'),
      ),
    );
  if (!rule || (rule.expirationAt && rule.expirationAt.getTime() <= now)) return null;
  return rule;
}

/** The latest automatic purchase was declined within the hour: no further one until one is paid, or the hour is over. */
async function declinedLately(
  { tx, organizationId, now }: BillingContext,
  walletId: string,
): Promise<boolean> {
  const [latest] = await tx
    .select({ status: walletTransactions.status })
    .from(walletTransactions)
    .where(
      and(
        eq(walletTransactions.organizationId, organizationId),
        eq(walletTransactions.walletId, walletId),
        eq(walletTransactions.transactionStatus, 'purchased'),
        eq(walletTransactions.source, 'threshold'),
        gt(walletTransactions.createdAt, new Date(now - HOUR_MS)),
      ),
    )
    .orderBy(desc(walletTransactions.createdAt), desc(walletTransactions.id))
    .limit(1);
  return latest?.status === 'failed';
}
