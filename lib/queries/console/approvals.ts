import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { customerName, millis } from './sql';

export interface ApprovalRow {
  id: string;
  title: string;
  customerId: string | null;
  customerName: string | null;
  amountMinor: string | null;
  currency: string | null;
  reasonCode: string | null;
  note: string | null;
  overBy: string;
  /** The preview when it was asked for; null for requests older than that record. */
  figures: unknown;
  requestedBy: string;
  requestedByName: string;
  status: 'waiting' | 'approved' | 'declined' | 'withdrawn' | 'expired';
  decidedByName: string | null;
  decidedAt: number | null;
  decisionNote: string | null;
  createdAt: number;
  expiresAt: number;
}

/** Requests over somebody's limit: the waiting ones oldest first, then the last decided. */
export async function approvalRequestsList(tx: Tx, organizationId: string): Promise<ApprovalRow[]> {
  return tx.execute<ApprovalRow & Record<string, unknown>>(sql`
    select r.id, r.title, r.customer_id as "customerId", case when c.id is not null then ${customerName('c')} end as "customerName",
      r.amount_minor::text as "amountMinor", r.currency, r.reason_code as "reasonCode", r.note, r.over_by as "overBy", r.figures,
      r.requested_by as "requestedBy", r.requested_by_name as "requestedByName", r.status,
      r.decided_by_name as "decidedByName", ${millis('r.decided_at')} as "decidedAt",
      r.decision_note as "decisionNote",
      ${millis('r.created_at')} as "createdAt", ${millis('r.expires_at')} as "expiresAt"
    from approval_requests r
    left join customers c on c.organization_id = r.organization_id and c.id = r.customer_id
    where r.organization_id = ${organizationId}
    order by (r.status = 'waiting') desc, case when r.status = 'waiting' then r.created_at end, r.created_at desc
    limit 100`);
}

export interface GivenBefore {
  id: string;
  title: string;
  at: number;
  actorName: string;
  reasonCode: string | null;
  amountMinor: string | null;
  currency: string | null;
}

/** What a customer was given last and still has: credits, discounts, trial days, refunds. Latest first. */
export async function givenBefore(
  tx: Tx,
  organizationId: string,
  customerId: string,
): Promise<GivenBefore[]> {
  return tx.execute<GivenBefore & Record<string, unknown>>(sql`
    select a.id, a.title, ${millis('a.occurred_at')} as at, a.actor_name as "actorName", a.reason_code as "reasonCode",
      a.given_away_minor::text as "amountMinor", a.currency
    from audit_rows a
    where a.organization_id = ${organizationId} and a.customer_id = ${customerId} and a.limit_act is not null
      and not exists (select 1 from audit_rows u where u.organization_id = a.organization_id and u.undoes_id = a.id)
    order by a.occurred_at desc, a.id desc limit 5`);
}
