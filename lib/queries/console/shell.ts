import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { Role } from '@/db/schema';
import { LIMIT_CURRENCY, limitsFor } from '@/lib/auth/limits';
import { at } from './sql';

export interface ShellCounts {
  drafts: number;
  /** Issued invoices whose payment failed or that are past due. */
  unpaid: number;
  approvals: number;
  /** Customers with anything left to pay. */
  owing: number;
}

/** The numbers at the end of the rail's lines; those of invoices and debts from kept sums, exact. */
export async function shellCounts(tx: Tx, organizationId: string, now: number): Promise<ShellCounts> {
  const [row] = await tx.execute<ShellCounts & Record<string, unknown>>(sql`
    select
      coalesce(sum(t.count) filter (where t.key = 'draft'), 0)::int as drafts,
      coalesce(sum(t.count) filter (where t.key in ('open failed', 'open overdue', 'open failed overdue')), 0)::int as unpaid,
      (select count(*)::int from approval_requests
        where organization_id = ${organizationId} and status = 'waiting' and expires_at > ${at(now)}) as approvals,
      coalesce(sum(t.count) filter (where t.subject = 'customers' and t.key like '%owing'), 0)::int as owing
    from tallies t where t.organization_id = ${organizationId} and t.subject in ('invoices', 'customers')`);
  return row ?? { drafts: 0, unpaid: 0, approvals: 0, owing: 0 };
}

export interface GiveAllowance {
  leftMinor: bigint;
  ofMinor: bigint;
  currency: string;
}

const WINDOW = 30 * 86_400_000;

/**
 * What somebody may still give in credits within 30 days. Null when they have no limit or may give nothing. Acts taken
 * back do not count.
 */
export async function creditsLeftToGive(
  tx: Tx,
  organizationId: string,
  person: { userId: string; roles: readonly Role[] },
  now: number,
): Promise<GiveAllowance | null> {
  const limit = (await limitsFor(tx, organizationId, person.roles)).credits?.perPerson30d;
  if (limit === undefined || limit === null) return null;
  const [row] = await tx.execute<{ used: string }>(sql`
    select coalesce(sum(a.limit_quantity), 0)::text as used
    from audit_rows a
    where a.organization_id = ${organizationId} and a.actor_id = ${person.userId}
      and a.limit_act = 'credits' and a.occurred_at > ${at(now - WINDOW)}
      and not exists (
        select 1 from audit_rows u where u.organization_id = a.organization_id and u.undoes_id = a.id)`);
  const left = limit - BigInt(row?.used ?? '0');
  return { leftMinor: left > 0n ? left : 0n, ofMinor: limit, currency: LIMIT_CURRENCY };
}
