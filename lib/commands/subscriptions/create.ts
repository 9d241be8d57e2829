import { and, desc, eq, isNotNull, ne, or } from 'drizzle-orm';
import { z } from 'zod';
import { newId } from '@/db/ids';
import { type priceOverrides, subscriptions } from '@/db/schema';
import { localDate, startOfDay } from '@/lib/billing/periods/zone';
import type { BillingContext } from '@/lib/invoicing/context';
import { type BilledCustomer, loadCustomer, lockCustomer, settleCurrencies } from '@/lib/invoicing/customers';
import type { SubscriptionRow } from '@/lib/invoicing/load-bill';
import { schedule } from '@/lib/schedule/due';
import { invalid } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command';
import { activateSubscription } from './activate';
import { changeAtNextBill, isUpgrade, type NewTerms, upgradeNow, writeTerms } from './plan-change';
import { choosePlan, findByExternalId, planOf } from './read';

type Patch = (typeof priceOverrides.$inferInsert)['patch'];

const threshold = z.object({
  amountMinor: z.bigint(),
  displayName: z.string().nullable(),
  recurring: z.boolean(),
});

const input = z.object({
  customerId: z.uuid(),
  planCode: z.string().min(1),
  externalId: z.string().min(1),
  name: z.string().nullish(),
  billingTime: z.enum(['calendar', 'anniversary']).optional(),
  /** Epoch milliseconds; now when absent. */
  subscriptionAt: z.number().int().nullish(),
  endingAt: z.number().int().nullish(),
  onTerminationCreditNote: z.enum(['credit', 'refund', 'offset', 'skip']).nullish(),
  onTerminationInvoice: z.enum(['generate', 'skip']).nullish(),
  progressiveBillingDisabled: z.boolean().optional(),
  consolidateInvoice: z.boolean().optional(),
  purchaseOrderNumber: z.string().nullish(),
  billingEntityId: z.uuid().nullish(),
  patch: z.custom<Patch>().nullish(),
  thresholds: z.array(threshold).nullish(),
});

export type CreateSubscriptionInput = z.infer<typeof input>;

/**
 * Starts a subscription, or changes the one that lives under this external id (semantics 3.2): the same plan changes
 * nothing, a dearer or equal one upgrades at once, a cheaper one waits for the period's end.
 */
export const createSubscription = defineCommand({
  name: 'subscriptions/create',
  input,
  right: 'subscriptions.write',
  reason: 'optional',
  undo: 'fix_forward',
  async run(ctx, values: CreateSubscriptionInput) {
    await lockCustomer(ctx, values.customerId);
    const billed = await loadCustomer(ctx, values.customerId, values.billingEntityId);
    const choice = await choosePlan(ctx, values.planCode);
    const terms: NewTerms = {
      choice,
      name: values.name,
      patch: values.patch,
      thresholds: values.thresholds,
      purchaseOrderNumber: values.purchaseOrderNumber,
      endingAt: values.endingAt,
    };
    const existing = await findByExternalId(ctx, values.externalId, ['active', 'pending']);
    const subscription = existing
      ? await changeExisting(ctx, billed, existing, terms)
      : await startNew(ctx, billed, values, terms);
    return {
      result: subscription,
      title: existing ? `Change to ${choice.plan.name}` : `Start ${choice.plan.name}`,
      subject: { type: 'subscription', id: subscription.id },
      customerId: values.customerId,
      subscriptionId: subscription.id,
      before: existing ? { plan: existing.planId, status: existing.status } : null,
      after: { plan: choice.plan.code, status: subscription.status },
    };
  },
});

async function changeExisting(
  ctx: BillingContext,
  billed: BilledCustomer,
  existing: SubscriptionRow,
  terms: NewTerms,
): Promise<SubscriptionRow> {
  if (existing.customerId !== billed.customer.id) {
    return invalid(
      { external_id: ['value_already_exist'] },
      'This id belongs to another customer’s subscription.',
    );
  }
  if (existing.status === 'pending') return replacePending(ctx, existing, terms);
  const plan = await planOf(ctx, existing);
  if (existing.planId === terms.choice.plan.id && !terms.patch) return existing;
  if (isUpgrade(plan, terms.choice, terms.patch))
    return (await upgradeNow(ctx, existing, billed, terms)).started;
  await changeAtNextBill(ctx, existing, terms);
  return existing;
}

/** A start still to come simply takes the new plan and name. */
async function replacePending(
  ctx: BillingContext,
  existing: SubscriptionRow,
  terms: NewTerms,
): Promise<SubscriptionRow> {
  const [row] = await ctx.tx
    .update(subscriptions)
    .set({
      planId: terms.choice.plan.id,
      planVersionId: terms.choice.version.id,
      name: terms.name === undefined ? existing.name : terms.name,
      updatedAt: new Date(ctx.now),
    })
    .where(and(eq(subscriptions.organizationId, ctx.organizationId), eq(subscriptions.id, existing.id)))
    .returning();
  await writeTerms(ctx, existing.id, terms);
  return row ?? existing;
}

/** A subscription that begins now, or waits for the local day of its start. Throws invalid for another currency than the customer’s. */
export async function startNew(
  ctx: BillingContext,
  billed: BilledCustomer,
  values: CreateSubscriptionInput,
  terms: NewTerms,
): Promise<SubscriptionRow> {
  const { tx, organizationId, now } = ctx;
  const { timezone, customer } = billed;
  const { version } = terms.choice;
  const currency = terms.patch?.currency ?? version.currency;
  if (customer.currency && customer.currency !== currency) {
    invalid(
      { currency: ['currencies_does_not_match'] },
      `This customer pays in ${customer.currency}; the plan is in ${currency}.`,
    );
  }
  await settleCurrencies(ctx, [{ customer, currency }]);
  const subscriptionAt = values.subscriptionAt ?? now;
  const [startDay, today] = [localDate(subscriptionAt, timezone), localDate(now, timezone)];
  const endDay = values.endingAt ? localDate(values.endingAt, timezone) : null;
  if (endDay !== null && (endDay <= startDay || endDay <= today)) {
    invalid({ ending_at: ['invalid_date'] }, 'The end must be after today and after the start.');
  }
  const at = new Date(now);
  const [row] = await tx
    .insert(subscriptions)
    .values({
      organizationId,
      id: newId(),
      customerId: customer.id,
      planId: terms.choice.plan.id,
      planVersionId: version.id,
      externalId: values.externalId,
      name: values.name ?? null,
      status: 'pending',
      billingTime: values.billingTime ?? 'calendar',
      subscriptionAt: new Date(subscriptionAt),
      endingAt: values.endingAt ? new Date(values.endingAt) : null,
      onTerminationCreditNote: version.payInAdvance ? (values.onTerminationCreditNote ?? 'credit') : null,
      onTerminationInvoice: values.onTerminationInvoice ?? 'generate',
      progressiveBillingDisabled: values.progressiveBillingDisabled ?? false,
      consolidateInvoice: values.consolidateInvoice ?? true,
      purchaseOrderNumber: values.purchaseOrderNumber ?? null,
      billingEntityId: values.billingEntityId ?? null,
      createdAt: at,
      updatedAt: at,
    })
    .returning();
  if (!row) throw new Error('no subscription row came back from its insert');
  await writeTerms(ctx, row.id, terms);
  if (startDay > today) {
    await schedule(tx, organizationId, now, {
      kind: 'subscription.activate',
      key: 'once',
      dueAt: startOfDay(startDay, timezone),
      customerId: customer.id,
      subjectId: row.id,
    });
    return row;
  }
  const startedAt = subscriptionAt < now ? await backdatedStart(ctx, row, subscriptionAt) : subscriptionAt;
  return activateSubscription(ctx, row, billed, { startedAt, firstInvoice: startDay === today });
}

/** A start that has passed, were it today, begins at the last invoiced end under this external id: usage is not billed twice (3.7). */
async function backdatedStart(
  { tx, organizationId }: BillingContext,
  row: SubscriptionRow,
  subscriptionAt: number,
): Promise<number> {
  const [last] = await tx
    .select({ terminatedAt: subscriptions.terminatedAt })
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.organizationId, organizationId),
        eq(subscriptions.externalId, row.externalId),
        isNotNull(subscriptions.terminatedAt),
        ne(subscriptions.id, row.id),
        // A plan change always bills what it ends; an end does unless it was asked not to.
        or(
          eq(subscriptions.onTerminationInvoice, 'generate'),
          ne(subscriptions.terminationKind, 'terminated'),
        ),
      ),
    )
    .orderBy(desc(subscriptions.terminatedAt))
    .limit(1);
  return Math.max(subscriptionAt, last?.terminatedAt?.getTime() ?? subscriptionAt);
}
