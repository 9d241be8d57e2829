import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { priceOverrides, subscriptions } from '@/db/schema';
import { localDate, startOfDay } from '@/lib/billing/periods/zone';
import { lockCustomer } from '@/lib/invoicing/customers';
import type { SubscriptionRow } from '@/lib/invoicing/load-bill';
import { recordRevenue } from '@/lib/invoicing/revenue';
import { cancelDue, reschedule } from '@/lib/schedule/due';
import { invalid } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { type CommandContext, defineCommand } from '../core/command';
import { activateSubscription, scheduleEnd } from './activate';
import { writeTerms } from './plan-change';
import { loadSubscription, readSubscription } from './read';

type Patch = (typeof priceOverrides.$inferInsert)['patch'];

const threshold = z.object({
  amountMinor: z.bigint(),
  displayName: z.string().nullable(),
  recurring: z.boolean(),
});

const input = z.object({
  subscriptionId: z.uuid(),
  name: z.string().nullish(),
  /** Only while the start is still to come; epoch milliseconds. */
  subscriptionAt: z.number().int().optional(),
  endingAt: z.number().int().nullish(),
  onTerminationCreditNote: z.enum(['credit', 'refund', 'offset', 'skip']).nullish(),
  onTerminationInvoice: z.enum(['generate', 'skip']).optional(),
  progressiveBillingDisabled: z.boolean().optional(),
  consolidateInvoice: z.boolean().optional(),
  purchaseOrderNumber: z.string().nullish(),
  billingEntityId: z.uuid().optional(),
  /** Own prices, laid over those the subscription has already. */
  patch: z.custom<Patch>().nullish(),
  thresholds: z.array(threshold).nullish(),
});
export type UpdateSubscriptionInput = z.infer<typeof input>;

/** Edits a subscription: absent members keep their value, null clears it (API contract section 4). */
export const updateSubscription = defineCommand<UpdateSubscriptionInput, SubscriptionRow>({
  name: 'subscriptions/update',
  input,
  right: 'subscriptions.write',
  reason: 'optional',
  undo: 'fix_forward',
  async run(ctx, values) {
    const { tx, organizationId, now } = ctx;
    await lockCustomer(ctx, (await readSubscription(ctx, values.subscriptionId)).customerId);
    const { subscription, billed, plan } = await loadSubscription(ctx, values.subscriptionId);
    const { timezone } = billed;
    if (values.endingAt) {
      const starts =
        (subscription.status === 'pending' && values.subscriptionAt) || subscription.subscriptionAt;
      const [startDay, today] = [localDate(Number(starts), timezone), localDate(now, timezone)];
      const endDay = localDate(values.endingAt, timezone);
      if (endDay <= today || endDay <= startDay) {
        invalid({ ending_at: ['invalid_date'] }, 'The end must be after today and after the start.');
      }
    }
    await tx
      .update(subscriptions)
      .set({ ...changedColumns(values, plan), updatedAt: new Date(now) })
      .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, subscription.id)));
    const patch = values.patch ? await mergedPatch(ctx, subscription.id, values.patch) : null;
    await writeTerms(ctx, subscription.id, { patch, thresholds: values.thresholds });
    if (values.endingAt !== undefined) await moveEnd(ctx, subscription.id, timezone);
    if (values.subscriptionAt !== undefined && subscription.status === 'pending') {
      await moveStart(ctx, subscription, values.subscriptionAt);
    }
    const after = await readSubscription(ctx, subscription.id);
    await announce(tx, organizationId, now, { type: 'subscription.updated', objectId: after.id });
    await recordRevenue(ctx, after.customerId, { cause: 'price_changed', sourceId: after.id });
    return {
      result: after,
      title: 'Edit the subscription',
      subject: { type: 'subscription', id: after.id },
      customerId: after.customerId,
      subscriptionId: after.id,
      before: subscription,
      after,
    };
  },
});

/** A credit note at the end is only for plans in advance (semantics 3.4). */
function changedColumns(
  values: UpdateSubscriptionInput,
  { payInAdvance }: { payInAdvance: boolean },
): Partial<SubscriptionRow> {
  const columns: Partial<SubscriptionRow> = {};
  if (values.name !== undefined) columns.name = values.name;
  if (values.endingAt !== undefined) columns.endingAt = values.endingAt ? new Date(values.endingAt) : null;
  if (values.onTerminationCreditNote !== undefined && payInAdvance) {
    columns.onTerminationCreditNote = values.onTerminationCreditNote;
  }
  if (values.onTerminationInvoice) columns.onTerminationInvoice = values.onTerminationInvoice;
  if (values.progressiveBillingDisabled !== undefined) {
    columns.progressiveBillingDisabled = values.progressiveBillingDisabled;
  }
  if (values.consolidateInvoice !== undefined) columns.consolidateInvoice = values.consolidateInvoice;
  if (values.billingEntityId !== undefined) columns.billingEntityId = values.billingEntityId;
  if (values.purchaseOrderNumber !== undefined) columns.purchaseOrderNumber = values.purchaseOrderNumber;
  return columns;
}

/** The prices a subscription has already with new ones laid over them, charge by charge. */
async function mergedPatch(
  { tx, organizationId }: CommandContext,
  subscriptionId: string,
  patch: Patch,
): Promise<Patch> {
  const [own] = await tx
    .select({ patch: priceOverrides.patch })
    .from(priceOverrides)
    .where(
      and(
        eq(priceOverrides.organizationId, organizationId),
        eq(priceOverrides.subscriptionId, subscriptionId),
      ),
    );
  if (!own) return patch;
  return {
    ...own.patch,
    ...patch,
    charges: { ...own.patch.charges, ...patch.charges },
    fixedCharges: { ...own.patch.fixedCharges, ...patch.fixedCharges },
  };
}

async function moveEnd(ctx: CommandContext, subscriptionId: string, timezone: string): Promise<void> {
  for (const kind of ['subscription.end', 'subscription.termination_alert'] as const) {
    await cancelDue(ctx.tx, ctx.organizationId, ctx.now, kind, subscriptionId);
  }
  const subscription = await readSubscription(ctx, subscriptionId);
  if (subscription.status === 'active') await scheduleEnd(ctx, subscription, timezone);
}

async function moveStart(
  ctx: CommandContext,
  subscription: SubscriptionRow,
  subscriptionAt: number,
): Promise<void> {
  const { tx, organizationId, now } = ctx;
  await tx
    .update(subscriptions)
    .set({ subscriptionAt: new Date(subscriptionAt) })
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, subscription.id)));
  const { subscription: moved, billed } = await loadSubscription(ctx, subscription.id);
  const { timezone } = billed;
  const [startDay, today] = [localDate(subscriptionAt, timezone), localDate(now, timezone)];
  if (startDay <= today) {
    await cancelDue(tx, organizationId, now, 'subscription.activate', moved.id);
    await activateSubscription(ctx, moved, billed, {
      startedAt: subscriptionAt,
      firstInvoice: startDay === today,
    });
    return;
  }
  await reschedule(tx, organizationId, now, {
    kind: 'subscription.activate',
    key: startDay,
    dueAt: startOfDay(startDay, timezone),
    customerId: moved.customerId,
    subjectId: moved.id,
  });
}
