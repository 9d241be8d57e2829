import { sql } from 'drizzle-orm';
import type { CommandContext } from '../core/command.ts';

/** The customers a campaign is at work with: it is theirs or their entity's, and they are overdue or were asked before. */
export async function dunnedBy(
  { tx, organizationId }: CommandContext,
  campaignId: string,
): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select c.id from customers c
    join billing_entities e on e.organization_id = c.organization_id and e.id = c.billing_entity_id
    left join customer_dunning d on d.organization_id = c.organization_id and d.customer_id = c.id
    where c.organization_id = ${organizationId} and c.deleted_at is null
      and coalesce(d.campaign_id, e.dunning_campaign_id) = ${campaignId} and not coalesce(d.excluded, false)
      and (d.attempts <> '{}'::jsonb or exists (
        select 1 from invoices i where i.organization_id = c.organization_id and i.customer_id = c.id
          and i.status = 'finalized' and i.payment_overdue))
    order by c.id`);
  return [...rows].map(({ id }) => id);
}
