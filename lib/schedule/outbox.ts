import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { newId } from '@/db/ids';

/** The webhook types our acts can cause (semantics 15.2); the object is read when the message is made. */
export const WEBHOOK_OBJECTS = {
  'alert.triggered': 'triggered_alert',
  'billable_metric.created': 'billable_metric',
  'billable_metric.updated': 'billable_metric',
  'billable_metric.deleted': 'billable_metric',
  'credit_note.created': 'credit_note',
  'credit_note.generated': 'credit_note',
  'customer.created': 'customer',
  'customer.updated': 'customer',
  'dunning_campaign.finished': 'dunning_campaign',
  'events.errors': 'events_errors',
  'feature.created': 'feature',
  'feature.updated': 'feature',
  'feature.deleted': 'feature',
  'fee.created': 'fee',
  'invoice.created': 'invoice',
  'invoice.deleted': 'invoice',
  'invoice.drafted': 'invoice',
  'invoice.generated': 'invoice',
  'invoice.one_off_created': 'invoice',
  'invoice.paid_credit_added': 'invoice',
  'invoice.payment_dispute_lost': 'payment_dispute_lost',
  'invoice.payment_failure': 'payment_provider_invoice_payment_error',
  'invoice.payment_overdue': 'invoice',
  'invoice.payment_status_updated': 'invoice',
  'invoice.ready_to_finalize': 'invoice',
  'invoice.voided': 'invoice',
  'payment.succeeded': 'payment',
  'payment_receipt.created': 'payment_receipt',
  'payment_request.created': 'payment_request',
  'payment_request.payment_status_updated': 'payment_request',
  'plan.created': 'plan',
  'plan.updated': 'plan',
  'plan.deleted': 'plan',
  'subscription.started': 'subscription',
  'subscription.terminated': 'subscription',
  'subscription.termination_alert': 'subscription',
  'subscription.trial_ended': 'subscription',
  'subscription.updated': 'subscription',
  'subscription.usage_threshold_reached': 'subscription',
  'wallet.created': 'wallet',
  'wallet.updated': 'wallet',
  'wallet.terminated': 'wallet',
  'wallet.depleted_ongoing_balance': 'wallet',
  'wallet_transaction.created': 'wallet_transaction',
  'wallet_transaction.updated': 'wallet_transaction',
  'wallet_transaction.payment_failure': 'payment_provider_wallet_transaction_payment_error',
} as const;
export type WebhookType = keyof typeof WEBHOOK_OBJECTS;
export type WebhookObject = (typeof WEBHOOK_OBJECTS)[WebhookType];

export interface Announcement {
  type: WebhookType;
  objectId: string;
  /** What cannot be read back when the message is made. */
  payload?: Record<string, unknown>;
}

/**
 * Lets nothing that is announced from here to the end of the transaction leave before `until` (epoch milliseconds), or with
 * null lets it leave at once again. For acts that can still be taken back whole.
 */
export async function holdAnnouncements(tx: Tx, until: number | null): Promise<void> {
  const at = until === null ? '' : new Date(until).toISOString();
  await tx.execute(sql`select set_config('app.announce_at', ${at}, true)`);
}

/**
 * Tells the world, in the transaction of the change: a row that a worker delivers after its release time. An
 * organisation filling its history is muted: the row is kept and never leaves.
 */
export async function announce(
  tx: Tx,
  organizationId: string,
  now: number,
  announcement: Announcement,
): Promise<void> {
  await announceAll(tx, organizationId, now, [announcement]);
}

/** The same for any number of things to tell, in one statement. */
export async function announceAll(
  tx: Tx,
  organizationId: string,
  now: number,
  announcements: readonly Announcement[],
): Promise<void> {
  if (announcements.length > 0) await tx.execute(announcing(organizationId, now, announcements));
}

/** The write of `announceAll`, to go with others in one statement. */
export function announcing(organizationId: string, now: number, announcements: readonly Announcement[]): SQL {
  const rows = announcements.map(({ type, objectId, payload }) => ({
    id: newId(),
    type,
    kind: WEBHOOK_OBJECTS[type],
    object: objectId,
    payload: payload ?? {},
  }));
  const at = new Date(now).toISOString();
  return sql`
    insert into outbox (organization_id, id, topic, type, object_type, object_id, payload, release_at, muted, created_at)
    select o.id, m.id, 'webhook', m.type, m.kind, m.object, m.payload,
           coalesce(nullif(current_setting('app.announce_at', true), ''), ${at})::timestamptz,
           case when o.mode = 'history' then 'yes' else 'no' end, ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as m(id uuid, type text, kind text, object uuid, payload jsonb)
    join organizations o on o.id = ${organizationId}`;
}
