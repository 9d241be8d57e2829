import { and, eq } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { topUpRules } from '@/db/schema';
import { isInterval, type PeriodRule, periodAt, periodContaining } from '@/lib/billing/periods/interval';
import { localDate } from '@/lib/billing/periods/zone';
import type { BillingContext } from '@/lib/invoicing/context';
import { loadCustomer } from '@/lib/invoicing/customers';
import { cancelDue, schedule } from '@/lib/schedule/due';
import { invalid } from '@/lib/schedule/errors';
import type { WalletRow } from './find.ts';
import { pairsOf, type RuleInput } from './input.ts';

export type TopUpRuleRow = typeof topUpRules.$inferSelect;

/**
 * Makes a wallet's top-up rules those given: one with a known id is changed, a new one written, the rest ended
 * (semantics 10.8). Throws invalid `invalid_number_of_recurring_rules` or `invalid_recurring_rule`.
 */
export async function writeRules(ctx: BillingContext, wallet: WalletRow, given: RuleInput[]): Promise<void> {
  if (given.length > 1) {
    invalid({ recurring_transaction_rules: ['invalid_number_of_recurring_rules'] }, 'One rule per wallet.');
  }
  const { tx, organizationId, now } = ctx;
  const present = await activeRules(ctx, wallet.id);
  const wanted = given[0];
  const kept = present.find((rule) => rule.id === wanted?.lago_id);
  for (const rule of present) if (rule.id !== kept?.id) await endRule(ctx, rule);
  if (!wanted) return;
  if (kept) await cancelRule(ctx, kept.id);
  const values = checkedRule(wanted, wallet, kept ?? null, now);
  const [rule] = kept
    ? await tx
        .update(topUpRules)
        .set(values)
        .where(and(eq(topUpRules.organizationId, organizationId), eq(topUpRules.id, kept.id)))
        .returning()
    : await tx
        .insert(topUpRules)
        .values({ ...values, organizationId, id: newId(), walletId: wallet.id, createdAt: new Date(now) })
        .returning();
  if (rule) await scheduleRule(ctx, wallet, rule);
}

export async function activeRules(
  { tx, organizationId }: BillingContext,
  walletId: string,
): Promise<TopUpRuleRow[]> {
  return tx
    .select()
    .from(topUpRules)
    .where(
      and(
        eq(topUpRules.organizationId, organizationId),
        eq(topUpRules.walletId, walletId),
        eq(topUpRules.status, 'active'),
      ),
    );
}

export async function endRule(ctx: BillingContext, rule: TopUpRuleRow): Promise<void> {
  const { tx, organizationId, now } = ctx;
  await tx
    .update(topUpRules)
    .set({ status: 'terminated', terminatedAt: new Date(now) })
    .where(and(eq(topUpRules.organizationId, organizationId), eq(topUpRules.id, rule.id)));
  await cancelRule(ctx, rule.id);
}

async function cancelRule({ tx, organizationId, now }: BillingContext, ruleId: string): Promise<void> {
  await cancelDue(tx, organizationId, now, 'wallet.interval_top_up', ruleId);
  await cancelDue(tx, organizationId, now, 'top_up_rule.expire', ruleId);
}

function checkedRule(given: RuleInput, wallet: WalletRow, before: TopUpRuleRow | null, now: number) {
  const method = given.method ?? before?.method ?? 'fixed';
  const missing =
    (given.trigger === 'interval' && !given.interval) ||
    (given.trigger === 'threshold' && given.threshold_credits == null) ||
    (method === 'target' && given.target_ongoing_balance == null) ||
    (given.expiration_at != null && given.expiration_at <= now);
  if (missing) {
    invalid(
      { recurring_transaction_rules: ['invalid_recurring_rule'] },
      'A rule needs an interval, or a threshold; with a target it needs that too; its end lies ahead.',
    );
  }
  return {
    trigger: given.trigger,
    method,
    interval: given.trigger === 'interval' ? (given.interval ?? null) : null,
    thresholdCredits: given.trigger === 'threshold' ? (given.threshold_credits ?? null) : null,
    paidCredits: given.paid_credits ?? before?.paidCredits ?? '0',
    grantedCredits: given.granted_credits ?? before?.grantedCredits ?? '0',
    targetOngoingBalance: method === 'target' ? (given.target_ongoing_balance ?? null) : null,
    grantsTargetTopUp: given.grants_target_top_up ?? before?.grantsTargetTopUp ?? null,
    startedAt: given.started_at == null ? (before?.startedAt ?? null) : new Date(given.started_at),
    expirationAt: given.expiration_at == null ? null : new Date(given.expiration_at),
    invoiceRequiresSuccessfulPayment:
      given.invoice_requires_successful_payment ?? wallet.invoiceRequiresSuccessfulPayment,
    ignorePaidTopUpLimits: given.ignore_paid_top_up_limits ?? before?.ignorePaidTopUpLimits ?? false,
    transactionName: given.transaction_name ?? before?.transactionName ?? null,
    transactionMetadata: given.transaction_metadata
      ? pairsOf(given.transaction_metadata)
      : (before?.transactionMetadata ?? []),
    purchaseOrderNumber: given.purchase_order_number ?? before?.purchaseOrderNumber ?? null,
  };
}

/** Schedules a rule's end and, for an interval, its next local day; what is scheduled already stays. */
export async function scheduleRule(
  ctx: BillingContext,
  wallet: WalletRow,
  rule: TopUpRuleRow,
): Promise<void> {
  const { tx, organizationId, now } = ctx;
  const common = { customerId: wallet.customerId, subjectId: rule.id };
  if (rule.expirationAt) {
    await schedule(tx, organizationId, now, {
      ...common,
      kind: 'top_up_rule.expire',
      key: rule.expirationAt.toISOString(),
      dueAt: rule.expirationAt.getTime(),
    });
  }
  if (rule.trigger !== 'interval') return;
  const next = await nextTopUp(ctx, wallet, rule);
  if (!next) return;
  await schedule(tx, organizationId, now, {
    ...common,
    kind: 'wallet.interval_top_up',
    key: next.day,
    dueAt: next.at,
  });
}

/** The next opening of the rule's interval on a local day after today and after the wallet's first day (semantics 10.8). */
async function nextTopUp(
  ctx: BillingContext,
  wallet: WalletRow,
  rule: TopUpRuleRow,
): Promise<{ day: string; at: number } | null> {
  if (!rule.interval || !isInterval(rule.interval)) return null;
  const { timezone } = await loadCustomer(ctx, wallet.customerId);
  const anchor = (rule.startedAt ?? wallet.createdAt).getTime();
  const cycle: PeriodRule = { interval: rule.interval, billingTime: 'anniversary', anchor, timezone };
  const firstDay = localDate(wallet.createdAt.getTime(), timezone);
  let period = anchor > ctx.now ? periodAt(cycle, 0) : periodContaining({ ...cycle, at: ctx.now });
  while (period.start <= ctx.now || period.startDate <= firstDay) period = periodAt(cycle, period.index + 1);
  return { day: period.startDate, at: period.start };
}
