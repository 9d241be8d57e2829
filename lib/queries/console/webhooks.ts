import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { AttemptOutcome, DeliveryStatus, SignatureAlgo } from '@/db/schema';
import { type Page, page, readCursor } from './cursor';
import { millis, rowLimit } from './sql';

export interface EndpointLine {
  id: string;
  url: string;
  name: string | null;
  algo: SignatureAlgo;
  /** Null is every type. */
  eventTypes: string[] | null;
  /** Epoch milliseconds of real time, as all instants here. */
  failingSince: number | null;
  disabledAt: number | null;
  disabledBy: 'failures' | 'person' | null;
  /** Until when the previous secret signs too; null when no rotation is under way. */
  previousUntil: number | null;
  /** Deliveries that will be tried by themselves, that were given up, and that wait while the endpoint is off. */
  waiting: number;
  failed: number;
  paused: number;
}

/** The living endpoints with how they stand, the first made first. */
export async function endpointLines(tx: Tx, organizationId: string): Promise<EndpointLine[]> {
  const rows = await tx.execute<EndpointLine & Record<string, unknown>>(sql`
    select e.id, e.url, e.name, e.signature_algo as algo, e.event_types as "eventTypes",
      ${millis('e.failing_since')} as "failingSince", ${millis('e.disabled_at')} as "disabledAt",
      e.disabled_by as "disabledBy",
      case when e.previous_secret_until > now() then ${millis('e.previous_secret_until')} end as "previousUntil",
      coalesce(n.waiting, 0)::int as waiting, coalesce(n.failed, 0)::int as failed,
      coalesce(n.paused, 0)::int as paused
    from webhook_endpoints e
    left join (
      select w.endpoint_id, count(*) filter (where w.status = 'waiting') as waiting,
        count(*) filter (where w.status = 'failed') as failed, count(*) filter (where w.status = 'paused') as paused
      from webhook_deliveries w
      where w.organization_id = ${organizationId} and w.status in ('waiting', 'failed', 'paused')
      group by w.endpoint_id) n on n.endpoint_id = e.id
    where e.organization_id = ${organizationId} and e.deleted_at is null order by e.id`);
  return [...rows];
}

export interface DeliveryLine {
  id: string;
  type: string;
  status: DeliveryStatus;
  attempts: number;
  lastStatus: number | null;
  lastError: string | null;
  nextAttemptAt: number | null;
  at: number;
  endpointId: string;
  url: string;
  endpointName: string | null;
}

export interface DeliveryFilter {
  endpointId?: string;
  status?: DeliveryStatus;
  type?: string;
}

const SIZE = 50;

const columns = sql`w.id, w.webhook_type as type, w.status, w.attempts, w.last_status as "lastStatus",
  w.last_error as "lastError", ${millis('w.next_attempt_at')} as "nextAttemptAt", ${millis('w.created_at')} as at,
  w.endpoint_id as "endpointId", e.url, e.name as "endpointName"`;

/** What was sent, or will be; latest first. */
export async function deliveriesPage(
  tx: Tx,
  organizationId: string,
  { endpointId, status, type }: DeliveryFilter,
  after?: string,
): Promise<Page<DeliveryLine>> {
  const cursor = readCursor(after);
  const conditions: SQL[] = [sql`w.organization_id = ${organizationId}`];
  if (endpointId) conditions.push(sql`w.endpoint_id = ${endpointId}::uuid`);
  if (status) conditions.push(sql`w.status = ${status}`);
  if (type) conditions.push(sql`w.webhook_type = ${type}`);
  // Ids are time-ordered, so the id alone is the order.
  if (cursor) conditions.push(sql`w.id < ${cursor.id}::uuid`);
  const rows = await tx.execute<DeliveryLine & Record<string, unknown>>(sql`
    select ${columns} from webhook_deliveries w
    join webhook_endpoints e on e.organization_id = w.organization_id and e.id = w.endpoint_id
    where ${sql.join(conditions, sql` and `)} order by w.id desc ${rowLimit(SIZE + 1)}`);
  return page<DeliveryLine>([...rows], SIZE, ({ id }) => ({ value: '', id }));
}

export interface AttemptLine {
  id: string;
  outcome: AttemptOutcome;
  status: number | null;
  error: string | null;
  url: string;
  address: string | null;
  answer: string | null;
  durationMs: number;
  at: number;
}

export interface DeliveryDetail extends DeliveryLine {
  /** The message as it is sent; null after 90 days. */
  body: string | null;
  endpointOff: boolean;
  endpointRemoved: boolean;
  tries: AttemptLine[];
}

/** One delivery with every attempt, the latest first; null for an unknown id. */
export async function deliveryDetail(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<DeliveryDetail | null> {
  const [row] = await tx.execute<Omit<DeliveryDetail, 'tries'> & Record<string, unknown>>(sql`
    select ${columns}, o.body, e.disabled_at is not null as "endpointOff",
      e.deleted_at is not null as "endpointRemoved"
    from webhook_deliveries w
    join webhook_endpoints e on e.organization_id = w.organization_id and e.id = w.endpoint_id
    join outbox o on o.organization_id = w.organization_id and o.id = w.outbox_id
    where w.organization_id = ${organizationId} and w.id = ${id}::uuid`);
  if (!row) return null;
  const tries = await tx.execute<AttemptLine & Record<string, unknown>>(sql`
    select a.id, a.outcome, a.status, a.error, a.url, a.address, a.answer, a.duration_ms as "durationMs",
      ${millis('a.started_at')} as at
    from webhook_attempts a
    where a.organization_id = ${organizationId} and a.delivery_id = ${id}::uuid order by a.id desc limit 100`);
  return { ...row, tries: [...tries] };
}

/** Types that were sent to anybody, in alphabetical order: one probe of the index for each. */
export async function typesSent(tx: Tx, organizationId: string): Promise<string[]> {
  const next = (after: SQL) => sql`(
    select w.webhook_type from webhook_deliveries w
    where w.organization_id = ${organizationId} and w.webhook_type > ${after} order by w.webhook_type limit 1)`;
  const rows = await tx.execute<{ type: string }>(sql`
    with recursive seen(type) as (
      select ${next(sql`''`)} union all select ${next(sql`seen.type`)} from seen where seen.type is not null)
    select type from seen where type is not null`);
  return rows.map(({ type }) => type);
}

/** Messages that could not be made and were set aside. */
export async function messagesAside(tx: Tx, organizationId: string): Promise<number> {
  const [row] = await tx.execute<{ count: number }>(sql`
    select count(*)::int as count from outbox
    where organization_id = ${organizationId} and parked_at is not null and dispatched_at is null`);
  return row?.count ?? 0;
}

/** Endpoints that were turned off because they failed for days. */
export async function endpointsTurnedOff(
  tx: Tx,
  organizationId: string,
): Promise<{ id: string; url: string; at: number }[]> {
  const rows = await tx.execute<{ id: string; url: string; at: number }>(sql`
    select id, url, ${millis('disabled_at')} as at from webhook_endpoints
    where organization_id = ${organizationId} and deleted_at is null and disabled_by = 'failures'
    order by disabled_at`);
  return [...rows];
}

/** The key messages signed with RS256 are checked with, as PEM; null until the first endpoint was made. */
export async function organizationPublicKey(tx: Tx, organizationId: string): Promise<string | null> {
  const [row] = await tx.execute<{ publicKey: string }>(
    sql`select public_key as "publicKey" from webhook_keys where organization_id = ${organizationId}`,
  );
  return row?.publicKey ?? null;
}
