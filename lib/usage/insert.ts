import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { numberArray, textArray } from './arrays.ts';
import type { StoredEvent } from './incoming.ts';

/** The rows as columns, each the text of an array: nine parameters, however many rows. */
export function columnsOf(rows: readonly StoredEvent[]): string[] {
  return [
    textArray(rows.map(({ organizationId }) => organizationId)),
    textArray(rows.map(({ id }) => id)),
    textArray(rows.map(({ externalSubscriptionId }) => externalSubscriptionId)),
    textArray(rows.map(({ transactionId }) => transactionId)),
    textArray(rows.map(({ code }) => code)),
    numberArray(rows.map(({ timestamp }) => timestamp)),
    textArray(rows.map(({ propertiesJson }) => propertiesJson)),
    textArray(rows.map(({ preciseTotalAmountMinor }) => preciseTotalAmountMinor)),
    numberArray(rows.map(({ ingestedAt }) => ingestedAt)),
  ];
}

const [TYPES, NAMES] = [
  ['uuid', 'uuid', 'text', 'text', 'text', 'float8', 'jsonb', 'numeric', 'float8'],
  'e(org, id, sub, txn, code, ts, props, amount, ingested, at)',
];

function columns(rows: readonly StoredEvent[]): SQL {
  const arrays = columnsOf(rows).map((text, at) => sql`${text}::${sql.raw(`${TYPES[at]}[]`)}`);
  return sql`unnest(${sql.join(arrays, sql`, `)}) with ordinality as ${sql.raw(NAMES)}`;
}

/** Inserts in the given order, leaving out what is already there. Answers how many went in. */
export async function insertRows(tx: Tx, rows: readonly StoredEvent[]): Promise<number> {
  const { count } = await tx.execute(sql`
    insert into events (organization_id, id, external_subscription_id, transaction_id, code, "timestamp", properties,
                        precise_total_amount_minor, ingested_at)
    select e.org, e.id, e.sub, e.txn, e.code, to_timestamp(e.ts / 1000), e.props, e.amount,
           to_timestamp(e.ingested / 1000)
    from ${columns(rows)}
    order by e.at
    on conflict (organization_id, external_subscription_id, transaction_id) do nothing`);
  return count;
}

/** Of the rows that did not go in, by id: whether the stored event says the same or something else. */
export async function compareStored(
  tx: Tx,
  rows: readonly StoredEvent[],
): Promise<Map<string, 'duplicate' | 'conflict'>> {
  const timed = textArray(rows.map((row) => String(row.timed)));
  const found = await tx.execute<{ id: string; same: boolean }>(sql`
    select e.id, s.code = e.code and s.properties = e.props and s.precise_total_amount_minor is not distinct from e.amount
             and (not t.timed or s."timestamp" = to_timestamp(e.ts / 1000)::timestamptz(3)) as same
    from ${columns(rows)}
    join unnest(${timed}::boolean[]) with ordinality as t(timed, at) on t.at = e.at
    join events s on s.organization_id = e.org and s.external_subscription_id = e.sub and s.transaction_id = e.txn
    where s.id <> e.id`);
  return new Map(found.map(({ id, same }) => [id, same ? 'duplicate' : 'conflict']));
}
