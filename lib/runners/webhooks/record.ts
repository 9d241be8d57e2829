import { sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { newId } from '@/db/ids';
import type { AttemptOutcome } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import type { Posted } from '@/lib/adapters/outbound/post';
import { TURN_OFF_AFTER_DAYS, waitAfter } from './backoff.ts';
import type { ClaimedDelivery } from './claim.ts';

/** Only these answers say that a message arrived (semantics 15.1). */
const SUCCESS = new Set([200, 201, 202, 204]);

export interface Recorded {
  outcome: AttemptOutcome;
  /** The endpoint was turned off by this failure. */
  turnedOff: boolean;
}

/**
 * Writes what came of an attempt: its row in the log, when the delivery is tried again or that it is given up, and how the
 * endpoint stands. `chance` (0 to 1) spreads the retries.
 */
export async function recordAttempt(
  databases: Databases,
  delivery: ClaimedDelivery,
  posted: Posted,
  durationMs: number,
  chance: number,
): Promise<Recorded> {
  const { organizationId, id } = delivery;
  const outcome = outcomeOf(posted);
  const status = posted.kind === 'answered' ? posted.status : null;
  const error = posted.kind === 'answered' ? refusalOf(posted.status) : posted.error;
  return withTenant(databases, organizationId, async (tx) => {
    await tx.execute(sql`
      insert into webhook_attempts
        (organization_id, id, delivery_id, outcome, status, error, url, address, answer, duration_ms, started_at)
      select ${organizationId}, ${newId()}, w.id, ${outcome}, ${status}::int, ${error}, ${posted.url},
        ${posted.address}, ${posted.kind === 'answered' ? posted.answer : null}, ${durationMs}::int,
        clock_timestamp() - ${`${durationMs} milliseconds`}::interval
      from webhook_deliveries w where w.organization_id = ${organizationId} and w.id = ${id}`);
    if (outcome === 'delivered') {
      await tx.execute(sql`
        update webhook_deliveries set status = 'delivered', attempts = attempts + 1, tries = tries + 1,
          leased_until = null, next_attempt_at = null, last_status = ${status}::int, last_error = null,
          finished_at = clock_timestamp()
        where organization_id = ${organizationId} and id = ${id}`);
      await tx.execute(sql`
        update webhook_endpoints set failing_since = null
        where organization_id = ${organizationId} and id = ${delivery.endpointId} and failing_since is not null`);
      return { outcome, turnedOff: false };
    }
    const wait = waitAfter(delivery.tries + 1, chance);
    await tx.execute(sql`
      update webhook_deliveries set attempts = attempts + 1, tries = tries + 1, leased_until = null,
        last_status = ${status}::int, last_error = ${error},
        status = case when status <> 'waiting' then status when ${wait === null} then 'failed' else 'waiting' end,
        next_attempt_at = case when ${wait === null} then null
          else clock_timestamp() + ${`${wait ?? 0} milliseconds`}::interval end,
        finished_at = case when ${wait === null} then clock_timestamp() end
      where organization_id = ${organizationId} and id = ${id} and status <> 'delivered'`);
    return { outcome, turnedOff: await noteFailing(tx, delivery) };
  });
}

type Transaction = Parameters<Parameters<typeof withTenant>[2]>[0];

/** An endpoint that has failed for days without one success is turned off; what waits for it waits visibly. */
async function noteFailing(tx: Transaction, { organizationId, endpointId }: ClaimedDelivery) {
  const longest = `${TURN_OFF_AFTER_DAYS} days`;
  const [off] = await tx.execute(sql`
    update webhook_endpoints set failing_since = coalesce(failing_since, clock_timestamp()),
      disabled_at = case when failing_since < clock_timestamp() - ${longest}::interval then clock_timestamp() end,
      disabled_by = case when failing_since < clock_timestamp() - ${longest}::interval then 'failures' end
    where organization_id = ${organizationId} and id = ${endpointId} and disabled_at is null
    returning id, disabled_at is not null as off`);
  if (!off?.off) return false;
  await tx.execute(sql`
    update webhook_deliveries set status = 'paused', next_attempt_at = null
    where organization_id = ${organizationId} and endpoint_id = ${endpointId} and status = 'waiting'`);
  return true;
}

function outcomeOf(posted: Posted): AttemptOutcome {
  if (posted.kind !== 'answered') return posted.kind;
  return SUCCESS.has(posted.status) ? 'delivered' : 'refused';
}

function refusalOf(status: number): string | null {
  return SUCCESS.has(status) ? null : `It answered ${status}; 200, 201, 202 or 204 say that it arrived.`;
}
