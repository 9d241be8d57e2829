import { localDate, startOfDay } from '@/lib/billing/periods/zone';
import type { BillingContext } from '@/lib/invoicing/context';
import type { SubscriptionRow } from '@/lib/invoicing/load-bill';
import { cancelDue, scheduleAll } from '@/lib/schedule/due';
import { announce } from '@/lib/schedule/outbox';
import type { CommandContext } from '../core/command';
import { readSubscription } from './read';

const KIND = 'subscription.termination_alert';
/** Days before an agreed end on which the world is reminded of it (semantics 15.2). */
const DAYS_BEFORE = [45, 15];
const DAY_MS = 86_400_000;

/** Writes when the reminders of an agreed end fall due: at the beginning of the local day; days already over send none. */
export async function scheduleTerminationAlerts(
  { tx, organizationId, now }: BillingContext,
  subscription: SubscriptionRow,
  timezone: string,
): Promise<void> {
  await cancelDue(tx, organizationId, now, KIND, subscription.id);
  if (!subscription.endingAt) return;
  const lastDay = Date.parse(`${localDate(subscription.endingAt.getTime(), timezone)}T00:00:00Z`);
  const today = localDate(now, timezone);
  const dates = DAYS_BEFORE.map((days) => new Date(lastDay - days * DAY_MS).toISOString().slice(0, 10));
  const items = dates
    .filter((date) => date >= today)
    .map((date) => ({
      kind: KIND,
      key: `${date} for ${subscription.endingAt?.toISOString()}`,
      dueAt: Math.max(startOfDay(date, timezone), now),
      customerId: subscription.customerId,
      subjectId: subscription.id,
    })) satisfies Parameters<typeof scheduleAll>[3];
  await scheduleAll(tx, organizationId, now, items);
}

/** Reminds of the end, unless it was called off or has come already. */
export async function terminationAlertDue(
  ctx: CommandContext,
  { subjectId }: { subjectId: string },
): Promise<void> {
  const subscription = await readSubscription(ctx, subjectId);
  if (subscription.status !== 'active' || !subscription.endingAt) return;
  await announce(ctx.tx, ctx.organizationId, ctx.now, {
    type: 'subscription.termination_alert',
    objectId: subscription.id,
  });
}
