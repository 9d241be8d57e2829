import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { WEBHOOK_OBJECTS } from '@/lib/schedule/outbox';

const TYPE = 'events.errors';
const HOUR_MS = 3_600_000;
const EVENTS_AT_ONCE = 5_000;
/** Beyond a million events an hour only the latest are looked at. */
const MOST_PAGES = 200;
/** Ids named in one message, of each kind. */
const MOST_NAMED = 1_000;

interface EventsErrors {
  invalid_code: string[];
  missing_aggregation_property: string[];
  missing_group_key: string[];
  invalid_filter_values: string[];
}

/**
 * Looks over the events that arrived in the hour before `hour` (epoch milliseconds, the end of a UTC hour) and tells those
 * who asked for it which could not count: once an hour, whichever process is first (semantics 15.2). Live organisations
 * without a listener are not looked at.
 */
export async function tellEventErrors(databases: Databases, hour: number): Promise<void> {
  const listeners = await databases.system.execute<{ organizationId: string }>(sql`
    select distinct e.organization_id as "organizationId" from webhook_endpoints e
    join organizations o on o.id = e.organization_id and o.mode = 'live'
    where e.deleted_at is null and (e.event_types is null or e.event_types ? ${TYPE})`);
  for (const { organizationId } of listeners) {
    const id = messageId(organizationId, hour);
    const told = await databases.system.execute(
      sql`select 1 from outbox where organization_id = ${organizationId} and id = ${id}`,
    );
    if (told.length > 0) continue;
    const errors = await errorsOf(databases, organizationId, hour - HOUR_MS, hour);
    if (Object.values(errors).every((named: string[]) => named.length === 0)) continue;
    await databases.system.execute(sql`
      insert into outbox (organization_id, id, topic, type, object_type, object_id, payload, release_at, created_at)
      values (${organizationId}, ${id}, 'webhook', ${TYPE}, ${WEBHOOK_OBJECTS[TYPE]}, ${organizationId},
              ${JSON.stringify(errors)}::jsonb, now(), now())
      on conflict do nothing`);
  }
}

/** The same for an organisation and hour, whoever asks: the primary key lets one message be written. A UUID of version 8. */
function messageId(organizationId: string, hour: number): string {
  const digest = createHash('sha256').update(`${TYPE} ${organizationId} ${hour}`).digest();
  digest.writeUInt8(((digest[6] ?? 0) & 0x0f) | 0x80, 6);
  digest.writeUInt8(((digest[8] ?? 0) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

interface LookedAt {
  [column: string]: unknown;
  next: string | null;
  oldest: number | null;
  invalidCode: string[];
  missingProperty: string[];
  invalidFilter: string[];
}

/** The transaction ids of events that arrived from `from` to before `to` and do not fit their metric. */
async function errorsOf(
  databases: Databases,
  organizationId: string,
  from: number,
  to: number,
): Promise<EventsErrors> {
  const found: EventsErrors = {
    invalid_code: [],
    missing_aggregation_property: [],
    missing_group_key: [],
    invalid_filter_values: [],
  };
  let before: string | null = null;
  for (let looked = 0; looked < MOST_PAGES; looked += 1) {
    const row: LookedAt | undefined = await lookAt(databases, organizationId, before, from, to);
    if (!row || row.next === null) break;
    found.invalid_code.push(...row.invalidCode);
    found.missing_aggregation_property.push(...row.missingProperty);
    found.invalid_filter_values.push(...row.invalidFilter);
    if (row.oldest !== null && row.oldest < from) break;
    before = row.next;
  }
  for (const named of Object.values(found) as string[][]) named.splice(MOST_NAMED);
  return found;
}

/** One stretch of events, latest first, in the order they arrived. */
async function lookAt(
  { system }: Databases,
  organizationId: string,
  before: string | null,
  from: number,
  to: number,
): Promise<LookedAt | undefined> {
  const since = new Date(from).toISOString();
  const until = new Date(to).toISOString();
  const [row] = await system.execute<LookedAt>(sql`
    with page as (
      select transaction_id, code, properties, ingested_at, sequence from events
      where organization_id = ${organizationId} and (${before}::bigint is null or sequence < ${before}::bigint)
      order by sequence desc limit ${EVENTS_AT_ONCE}::int),
    judged as (
      select p.transaction_id, m.id is null as unknown,
        m.aggregation_type <> 'count_agg' and coalesce(m.field_name, '') <> '' and (
          not p.properties ? m.field_name or (m.aggregation_type <> 'unique_count_agg'
            and p.properties ->> m.field_name !~ '^[[:space:]]*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?[[:space:]]*$')
        ) as missing,
        exists (select 1 from jsonb_array_elements(m.filters) f
          where p.properties ? (f ->> 'key')
            and not f -> 'values' @> to_jsonb(p.properties ->> (f ->> 'key'))) as filtered
      from page p
      left join billable_metrics m on m.organization_id = ${organizationId} and m.code = p.code and m.deleted_at is null
      where p.ingested_at >= ${since}::timestamptz and p.ingested_at < ${until}::timestamptz)
    select (select min(sequence)::text from page) as next,
      (select extract(epoch from min(ingested_at)) * 1000 from page)::float8 as oldest,
      coalesce((select array_agg(transaction_id) from judged where unknown), '{}') as "invalidCode",
      coalesce((select array_agg(transaction_id) from judged where missing), '{}') as "missingProperty",
      coalesce((select array_agg(transaction_id) from judged where filtered), '{}') as "invalidFilter"`);
  return row;
}
