import { sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import type { SignatureAlgo } from '@/db/schema';

/** A delivery this process may send until its lease ends. */
export interface ClaimedDelivery {
  [column: string]: unknown;
  organizationId: string;
  id: string;
  endpointId: string;
  webhookType: string;
  tries: number;
  body: string;
  url: string;
  algo: SignatureAlgo;
  secret: string;
  /** Null when no rotation is under way. */
  previousSecret: string | null;
}

/** Deliveries to one endpoint beside one another; one only while it fails, so that it costs little. */
const AT_ONCE_AN_ENDPOINT = 4;

export interface ClaimOptions {
  /** Milliseconds after which another worker may take a delivery up, if nothing was heard of it. */
  leaseMs: number;
  most: number;
  /** How many deliveries this process has under way, by endpoint. */
  underWay: Record<string, number>;
}

/**
 * Takes up deliveries whose time has come, each endpoint its own few: a slow or dead one fills its own places and nobody
 * else's. The oldest due go first.
 */
export async function claimDeliveries(
  { system }: Databases,
  { leaseMs, most, underWay }: ClaimOptions,
): Promise<ClaimedDelivery[]> {
  const lease = `${leaseMs} milliseconds`;
  const rows = await system.execute<ClaimedDelivery>(sql`
    with picked as (
      select d.organization_id, d.id
      from webhook_endpoints e cross join lateral (
        select w.organization_id, w.id, w.next_attempt_at from webhook_deliveries w
        where w.endpoint_id = e.id and w.status = 'waiting' and w.next_attempt_at <= now()
          and (w.leased_until is null or w.leased_until <= now())
        order by w.next_attempt_at, w.id
        limit greatest(0, case when e.failing_since is null then ${AT_ONCE_AN_ENDPOINT}::int else 1 end
          - coalesce((${JSON.stringify(underWay)}::jsonb ->> e.id::text)::int, 0))
        for update of w skip locked) d
      where e.deleted_at is null and e.disabled_at is null
      order by d.next_attempt_at, d.id limit ${most}::int)
    update webhook_deliveries w set leased_until = clock_timestamp() + ${lease}::interval
    from picked, webhook_endpoints e, outbox o
    where w.organization_id = picked.organization_id and w.id = picked.id
      and e.organization_id = w.organization_id and e.id = w.endpoint_id
      and o.organization_id = w.organization_id and o.id = w.outbox_id
    returning w.organization_id as "organizationId", w.id, w.endpoint_id as "endpointId",
      w.webhook_type as "webhookType", w.tries, o.body, e.url, e.signature_algo as algo, e.secret,
      case when e.previous_secret_until > now() then e.previous_secret end as "previousSecret"`);
  return [...rows];
}
