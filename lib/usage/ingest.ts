import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { Exact } from '@/lib/billing/money/exact';
import { CommandError } from '@/lib/schedule/errors';
import { scheduleUsageChecks } from './checks.ts';
import { type ExpressionNode, evaluateExpression, parseExpression } from './expression.ts';
import { BatchError, type EventErrors, type IncomingEvent } from './incoming.ts';

/** An event as it was stored. */
export interface StoredEvent {
  id: string;
  transactionId: string;
  externalSubscriptionId: string;
  code: string;
  /** Epoch milliseconds. */
  timestamp: number;
  properties: Record<string, unknown>;
  preciseTotalAmountMinor: string | null;
  /** Epoch milliseconds. */
  ingestedAt: number;
  sequence: bigint;
}

interface Expression {
  fieldName: string;
  node: ExpressionNode | null;
}

/**
 * Expressions of the metrics these events are for. The same statement gives this transaction its id, before any event
 * takes its place in the sequence: rollup folding relies on that order (see fold.ts).
 */
async function loadExpressions(
  tx: Tx,
  organizationId: string,
  codes: string[],
): Promise<Map<string, Expression>> {
  const rows = await tx.execute<{ code: string | null; expression: string; field_name: string }>(sql`
    select m.code, m.expression, m.field_name
    from (select pg_current_xact_id()) as this_transaction
    left join billable_metrics m on m.organization_id = ${organizationId} and m.deleted_at is null
      and m.expression <> '' and m.field_name <> ''
      and m.code in (select jsonb_array_elements_text(${JSON.stringify(codes)}::jsonb))`);
  const expressions = new Map<string, Expression>();
  for (const { code, expression, field_name } of rows) {
    if (code !== null) expressions.set(code, { fieldName: field_name, node: parseExpression(expression) });
  }
  return expressions;
}

/** The event with its metric's expression worked out into the metric's field; null when that fails. */
function withExpression(
  event: IncomingEvent,
  timestamp: number,
  expression: Expression | undefined,
): IncomingEvent | null {
  if (!expression) return event;
  const { fieldName, node } = expression;
  const value =
    node &&
    evaluateExpression(node, {
      code: event.code,
      timestamp: Exact.of(timestamp).pow10(-3).toDecimalString(3),
      properties: event.properties,
    });
  return value === null ? null : { ...event, properties: { ...event.properties, [fieldName]: value } };
}

function keyOf(event: { externalSubscriptionId: string; transactionId: string }): string {
  return `${event.externalSubscriptionId}\u0000${event.transactionId}`;
}

const DUPLICATE: EventErrors = { transaction_id: ['value_already_exist'] };

/**
 * Stores events in the caller's transaction, all or nothing (semantics 5.1). Throws BatchError, keyed by index, for a
 * duplicate (against stored events or inside the batch) and for an expression that cannot be worked out. An event for an
 * unknown metric or subscription is accepted and simply never counts. `now` is the organisation's clock.
 */
export async function storeEvents(
  tx: Tx,
  organizationId: string,
  now: number,
  incoming: IncomingEvent[],
): Promise<StoredEvent[]> {
  const expressions = await loadExpressions(tx, organizationId, [
    ...new Set(incoming.map(({ code }) => code)),
  ]);
  const errors: Record<string, EventErrors> = {};
  const indexOf = new Map<string, number>();
  const ready: StoredEvent[] = [];
  for (const [index, event] of incoming.entries()) {
    const timestamp = event.timestamp ?? now;
    const evaluated = withExpression(event, timestamp, expressions.get(event.code));
    if (!evaluated) errors[index] = { expression: ['invalid_expression'] };
    else if (indexOf.has(keyOf(event))) errors[index] = DUPLICATE;
    else {
      indexOf.set(keyOf(event), index);
      ready.push({ ...evaluated, id: newId(), timestamp, ingestedAt: now, sequence: 0n });
    }
  }
  const sequences = await insertEvents(tx, organizationId, ready);
  for (const event of ready) {
    const sequence = sequences.get(event.id);
    if (sequence === undefined) errors[indexOf.get(keyOf(event)) ?? 0] = DUPLICATE;
    else event.sequence = sequence;
  }
  if (Object.keys(errors).length > 0) throw new BatchError(errors);
  await scheduleUsageChecks(tx, organizationId, now, ready);
  return ready;
}

/** Inserts in the given order, leaving out what is already there. Answers the sequence of each event that went in, by id. */
async function insertEvents(
  tx: Tx,
  organizationId: string,
  events: StoredEvent[],
): Promise<Map<string, bigint>> {
  const rows = events.map((event, at) => ({
    at,
    id: event.id,
    sub: event.externalSubscriptionId,
    txn: event.transactionId,
    code: event.code,
    ts: event.timestamp,
    props: event.properties,
    amount: event.preciseTotalAmountMinor,
    ingested: event.ingestedAt,
  }));
  const inserted = await tx.execute<{ id: string; sequence: string }>(sql`
    insert into events (organization_id, id, external_subscription_id, transaction_id, code, "timestamp", properties,
                        precise_total_amount_minor, ingested_at)
    select ${organizationId}::uuid, e.id, e.sub, e.txn, e.code, to_timestamp(e.ts / 1000), e.props, e.amount,
           to_timestamp(e.ingested / 1000)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as e(at int, id uuid, sub text, txn text, code text, ts double precision, props jsonb, amount numeric,
           ingested double precision)
    order by e.at
    on conflict (organization_id, external_subscription_id, transaction_id) do nothing
    returning id, "sequence"::text as "sequence"`);
  return new Map(inserted.map(({ id, sequence }) => [id, BigInt(sequence)]));
}

/** Stores one event; its errors are its own, not keyed by index. Throws CommandError invalid. */
export async function storeEvent(
  tx: Tx,
  organizationId: string,
  now: number,
  incoming: IncomingEvent,
): Promise<StoredEvent> {
  try {
    const [stored] = await storeEvents(tx, organizationId, now, [incoming]);
    return stored!;
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    throw new CommandError({ kind: 'invalid', fields: error.errors[0] ?? {} });
  }
}
