import { sql } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { withTenant } from '@/db/tenancy';
import { readClock } from '@/lib/schedule/clock';
import type { WebhookType } from '@/lib/schedule/outbox';
import { isTransient, reasonOf } from '../failures.ts';
import type { RunnerLog } from '../log.ts';

/** What an outbox row says; who makes its text stands above this floor and is handed in. */
export interface Announced {
  tx: Tx;
  organizationId: string;
  /** The organisation's clock, epoch milliseconds. */
  now: number;
  type: WebhookType;
  objectId: string;
  payload: Record<string, unknown>;
}

/** The message as it is sent, or null when what it is about is gone. */
export type MakeMessage = (announced: Announced) => Promise<string | null>;

const UNHEARD_AT_ONCE = 2_000;
const MESSAGES_AT_ONCE = 100;
const BESIDE_ONE_ANOTHER = 4;
const MOST_FAILURES = 5;

/** Rows whose time has come on their organisation's clock, of organisations that are not muted. */
const released = sql`o.dispatched_at is null and o.canceled_at is null and o.parked_at is null and o.muted = 'no'
  and o.topic = 'webhook' and o.release_at <= case when g.mode = 'live' then now() else g.clock_now end`;
const endpoints = sql`exists (
  select 1 from webhook_endpoints e where e.organization_id = o.organization_id and e.deleted_at is null)`;

/**
 * Turns what was announced into one delivery for each endpoint that wants it. The text is made here, once, and kept: every
 * attempt and every endpoint gets the same bytes. Returns whether there may be more to do.
 */
export async function dispatchRound(
  databases: Databases,
  makeMessage: MakeMessage,
  log: RunnerLog,
): Promise<boolean> {
  const unheard = await closeUnheard(databases);
  const rows = await databases.system.execute<{ organizationId: string; id: string }>(sql`
    select o.organization_id as "organizationId", o.id
    from outbox o join organizations g on g.id = o.organization_id
    where ${released} and ${endpoints}
    order by o.release_at, o.id limit ${MESSAGES_AT_ONCE}::int`);
  const waiting = [...rows];
  let made = 0;
  const work = async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      if (await dispatchOne(databases, row, makeMessage, log)) made += 1;
    }
  };
  await Promise.all(Array.from({ length: BESIDE_ONE_ANOTHER }, work));
  return unheard === UNHEARD_AT_ONCE || (rows.length === MESSAGES_AT_ONCE && made > 0);
}

/** Where nobody listens nothing is made. Returns how many rows that closed. */
async function closeUnheard({ system }: Databases): Promise<number> {
  const rows = await system.execute(sql`
    update outbox set dispatched_at = now() where (organization_id, id) in (
      select o.organization_id, o.id from outbox o join organizations g on g.id = o.organization_id
      where ${released} and not ${endpoints}
      order by o.release_at limit ${UNHEARD_AT_ONCE}::int for update of o skip locked)
    returning id`);
  return rows.length;
}

interface OutboxRow {
  [column: string]: unknown;
  type: WebhookType;
  objectId: string;
  payload: Record<string, unknown>;
}

async function dispatchOne(
  databases: Databases,
  { organizationId, id }: { organizationId: string; id: string },
  makeMessage: MakeMessage,
  log: RunnerLog,
): Promise<boolean> {
  try {
    return await withTenant(databases, organizationId, async (tx) => {
      const [row] = await tx.execute<OutboxRow>(sql`
        select type, object_id as "objectId", payload from outbox
        where organization_id = ${organizationId} and id = ${id}
          and dispatched_at is null and canceled_at is null and parked_at is null
        for update skip locked`);
      if (!row) return false;
      const listeners = await tx.execute<{ id: string; off: boolean }>(sql`
        select id, disabled_at is not null as off from webhook_endpoints
        where organization_id = ${organizationId} and deleted_at is null
          and (event_types is null or event_types ? ${row.type}) order by id`);
      let body: string | null = null;
      if (listeners.length > 0) {
        const { now } = await readClock(tx, organizationId);
        body = await makeMessage({ tx, organizationId, now, ...row });
      }
      await tx.execute(sql`
        update outbox set body = ${body},
          dispatched_at = case when ${listeners.length === 0 || body !== null} then clock_timestamp() end,
          canceled_at = case when ${listeners.length > 0 && body === null} then clock_timestamp() end
        where organization_id = ${organizationId} and id = ${id}`);
      if (body === null) return true;
      for (const listener of listeners) {
        await tx.execute(sql`
          insert into webhook_deliveries
            (organization_id, id, endpoint_id, outbox_id, webhook_type, status, next_attempt_at, created_at)
          values (${organizationId}, ${newId()}, ${listener.id}, ${id}, ${row.type},
                  ${listener.off ? 'paused' : 'waiting'}, clock_timestamp(), clock_timestamp())
          on conflict do nothing`);
      }
      return true;
    });
  } catch (error) {
    if (isTransient(error)) throw error;
    log.error({ organizationId, outboxId: id, err: error }, 'a webhook message could not be made');
    await noteFailure(databases, organizationId, id, reasonOf(error));
    return false;
  }
}

/** After too many failures the message is set aside, with its reason, so that it holds up nobody. */
async function noteFailure({ system }: Databases, organizationId: string, id: string, reason: string) {
  await system.execute(sql`
    update outbox set failures = failures + 1, last_error = ${reason},
      parked_at = case when failures + 1 >= ${MOST_FAILURES}::int then now() end
    where organization_id = ${organizationId} and id = ${id} and dispatched_at is null`);
}
