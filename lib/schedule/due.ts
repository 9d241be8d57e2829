import { and, eq, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { insertNewRows } from '@/db/insert-rows';
import { dueItems } from '@/db/schema';

/** What may fall due, with its place within one instant (semantics section 16). */
export const DUE_RANKS = {
  'subscription.activate': 1,
  'invoice.refresh': 2,
  'subscription.end': 3,
  'subscription.bill': 4,
  'invoice.finalize': 5,
  'invoice.release': 5,
  'invoice.overdue': 6,
  'coupon.expire': 7,
  'subscription.trial_end': 8,
  'wallet.expire': 9,
  'credit_lot.expire': 9,
  'customer.dun': 10,
  'subscription.termination_alert': 11,
  'top_up_rule.expire': 11,
  'wallet.interval_top_up': 12,
  'usage.check': 13,
} as const;
export type DueKind = keyof typeof DUE_RANKS;

export interface DueInput {
  kind: DueKind;
  /** Names the occasion: the same (kind, subject, key) falls due at most once. */
  key: string;
  /** Epoch milliseconds. */
  dueAt: number;
  customerId: string | null;
  subjectId: string;
  payload?: Record<string, unknown>;
}

/** Writes a due row in the caller's transaction; an occasion already scheduled stays as it is. */
export async function schedule(tx: Tx, organizationId: string, now: number, item: DueInput): Promise<void> {
  await scheduleAll(tx, organizationId, now, [item]);
}

/** The same for any number of occasions. */
export async function scheduleAll(
  tx: Tx,
  organizationId: string,
  now: number,
  items: readonly DueInput[],
): Promise<void> {
  const createdAt = new Date(now);
  await insertNewRows(
    tx,
    dueItems,
    items.map((item) => ({
      organizationId,
      id: newId(),
      kind: item.kind,
      key: item.key,
      rank: DUE_RANKS[item.kind],
      dueAt: new Date(item.dueAt),
      customerId: item.customerId,
      subjectId: item.subjectId,
      payload: item.payload ?? {},
      createdAt,
    })),
  );
}

/** Takes back what has not happened yet. Returns how many rows were open. */
export async function cancelDue(
  tx: Tx,
  organizationId: string,
  now: number,
  kind: DueKind,
  subjectId: string,
): Promise<number> {
  const rows = await tx
    .update(dueItems)
    .set({ canceledAt: new Date(now) })
    .where(
      and(
        eq(dueItems.organizationId, organizationId),
        eq(dueItems.kind, kind),
        eq(dueItems.subjectId, subjectId),
        isNull(dueItems.doneAt),
        isNull(dueItems.canceledAt),
      ),
    )
    .returning({ id: dueItems.id });
  return rows.length;
}

/** Cancels the open rows of this kind and subject and schedules the new one. */
export async function reschedule(tx: Tx, organizationId: string, now: number, item: DueInput): Promise<void> {
  await cancelDue(tx, organizationId, now, item.kind, item.subjectId);
  await schedule(tx, organizationId, now, item);
}
