import { and, eq } from 'drizzle-orm';
import { topUpRules } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import { lockCustomer } from '@/lib/invoicing/customers';
import { lockWallet } from '@/lib/invoicing/wallet-balance';
import { expireLot, expireWallet, findLot } from '@/lib/invoicing/wallets';
import type { DueWork } from '../coupons/due.ts';
import { findWallet } from './find.ts';
import { endRule, scheduleRule, type TopUpRuleRow } from './rules.ts';
import { intervalTopUp, performTopUp } from './top-up.ts';

/** Due: a wallet's end has come (semantics 10.6). */
export async function expireWalletDue(ctx: BillingContext, { subjectId }: DueWork): Promise<void> {
  const wallet = await findWallet(ctx.tx, ctx.organizationId, { id: subjectId });
  await lockCustomer(ctx, wallet.customerId);
  if (wallet.expirationAt && wallet.expirationAt.getTime() <= ctx.now) await expireWallet(ctx, subjectId);
}

/** Due: the end of credits that had one of their own. */
export async function expireLotDue(ctx: BillingContext, { subjectId }: DueWork): Promise<void> {
  await lockCustomer(ctx, (await findLot(ctx, subjectId)).customerId);
  await expireLot(ctx, subjectId);
}

async function activeRule(
  { tx, organizationId }: BillingContext,
  ruleId: string,
): Promise<TopUpRuleRow | null> {
  const [rule] = await tx
    .select()
    .from(topUpRules)
    .where(and(eq(topUpRules.organizationId, organizationId), eq(topUpRules.id, ruleId)));
  return rule?.status === 'active' ? rule : null;
}

/** Due: a top-up rule's end has come. */
export async function expireRuleDue(ctx: BillingContext, { subjectId }: DueWork): Promise<void> {
  const rule = await activeRule(ctx, subjectId);
  if (rule) await endRule(ctx, rule);
}

/** Due: a rule's day has come; tops up once and schedules the next one (semantics 10.8). */
export async function topUpIntervalDue(ctx: BillingContext, { subjectId }: DueWork): Promise<void> {
  const rule = await activeRule(ctx, subjectId);
  if (!rule) return;
  const found = await findWallet(ctx.tx, ctx.organizationId, { id: rule.walletId });
  await lockCustomer(ctx, found.customerId);
  const wallet = await lockWallet(ctx, rule.walletId);
  if (wallet.status !== 'active') return;
  await performTopUp(ctx, wallet, rule, intervalTopUp(wallet, rule));
  await scheduleRule(ctx, wallet, rule);
}
