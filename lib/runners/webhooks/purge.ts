import { sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';

/** How long deliveries and what they carried are kept (semantics 15.1). */
const KEPT_DAYS = 90;
const ROWS_AT_ONCE = 1_000;

/**
 * Removes finished deliveries older than 90 days with their attempts, oldest first, some at a time, and the texts nobody
 * holds any more. That something was announced stays on record. Returns whether there may be more.
 */
export async function purgeRound({ system }: Databases): Promise<boolean> {
  const before = `${KEPT_DAYS} days`;
  const [round] = await system.execute<{ removed: number }>(sql`
    with gone as (
      delete from webhook_deliveries where (organization_id, id) in (
        select w.organization_id, w.id from webhook_deliveries w
        where w.created_at < now() - ${before}::interval and w.status <> 'waiting'
        order by w.created_at limit ${ROWS_AT_ONCE}::int for update skip locked)
      returning organization_id, outbox_id, id
    ), cleared as (
    update outbox o set body = null from gone
    where o.organization_id = gone.organization_id and o.id = gone.outbox_id and not exists (
      select 1 from webhook_deliveries w
      where w.organization_id = o.organization_id and w.outbox_id = o.id
        and w.id not in (select id from gone)))
    select count(*)::int as removed from gone`);
  return (round?.removed ?? 0) === ROWS_AT_ONCE;
}
