import type { Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { scheduleUsageChecks } from './checks.ts';
import { afterCopy, copyRows } from './copy.ts';
import { type Expressions, evaluated } from './expressions-of.ts';
import { openGroup } from './group-facts.ts';
import { BatchError, type EventErrors, type IncomingEvent, type StoredEvent, tooLong } from './incoming.ts';
import { compareStored, insertRows } from './insert.ts';

/** What became of one event. */
export type Outcome =
  | { status: 'accepted'; event: StoredEvent }
  /** The same event was stored before. */
  | { status: 'duplicate'; event: StoredEvent }
  /** Another event was stored under this transaction id. */
  | { status: 'conflict'; event: StoredEvent }
  | { status: 'invalid'; errors: EventErrors };

/** Events of one call, with the clock of their organisation (epoch milliseconds). */
export interface Sending {
  organizationId: string;
  now: number;
  events: readonly IncomingEvent[];
}

/** From here on a COPY is quicker than a statement. */
export const MANY = 200;

/**
 * Stores the events of several calls with one statement in the caller's transaction, each that is not there yet, and
 * says of every event what became of it, in the order sent. An event for an unknown metric or subscription is accepted
 * and simply never counts (semantics 5.1). What they set off is written beside them.
 *
 * `hopeful`: many events are written as if none was there yet. Throws NotAllNew when one is; the caller rolls back and
 * comes again without hope.
 */
export async function storeSendings(
  tx: Tx,
  sendings: readonly Sending[],
  { expressions, hopeful }: { expressions: Expressions; hopeful: boolean },
): Promise<Outcome[][]> {
  const { rows, prepared } = prepare(sendings, expressions);
  if (hopeful && rows.length >= MANY) {
    await copyRows(tx, rows);
    await afterCopy(() => scheduleUsageChecks(tx, rows));
    return outcomesOf(prepared, null);
  }
  const isAll = rows.length === 0 || (await insertRows(tx, rows)) === rows.length;
  const left = isAll ? null : await compareStored(tx, rows);
  await scheduleUsageChecks(tx, left ? rows.filter(({ id }) => !left.has(id)) : rows);
  return outcomesOf(prepared, left);
}

/** What became of prepared events. `left`: which of their rows were there already. */
export function outcomesOf(
  prepared: Prepared['prepared'],
  left: ReadonlyMap<string, 'duplicate' | 'conflict'> | null,
): Outcome[][] {
  return prepared.map((events) =>
    events.map((event): Outcome => {
      if (!isStored(event)) return { status: 'invalid', errors: event };
      return { status: left?.get(event.id) ?? 'accepted', event };
    }),
  );
}

interface Prepared {
  /** The rows to write. */
  rows: StoredEvent[];
  /** Of each sending, its events in the order sent: a row, or what is wrong with it. */
  prepared: (StoredEvent | EventErrors)[][];
}

/** Events as rows, their expressions worked out. */
export function prepare(sendings: readonly Sending[], expressions: Expressions): Prepared {
  const rows: StoredEvent[] = [];
  const prepared = sendings.map((sending) =>
    sending.events.map((event): StoredEvent | EventErrors => {
      const timestamp = event.timestamp ?? sending.now;
      const properties = evaluated(expressions, sending.organizationId, event, timestamp);
      if (!properties) return { expression: ['invalid_expression'] };
      const asRead = properties === event.properties ? event.propertiesJson : undefined;
      const propertiesJson = asRead ?? JSON.stringify(properties);
      if (tooLong(propertiesJson)) return { properties: ['value_is_too_long'] };
      const row = stored(sending, event, timestamp, { properties, propertiesJson });
      rows.push(row);
      return row;
    }),
  );
  return { rows, prepared };
}

/** The organisations and metric codes of some calls, each once. */
export function scopeOf(calls: readonly Pick<Sending, 'organizationId' | 'events'>[]): {
  organizationIds: string[];
  codes: string[];
} {
  const [organizationIds, codes] = [new Set<string>(), new Set<string>()];
  for (const { organizationId, events } of calls) {
    organizationIds.add(organizationId);
    for (const { code } of events) codes.add(code);
  }
  return { organizationIds: [...organizationIds], codes: [...codes] };
}

function stored(
  { organizationId, now }: Sending,
  event: IncomingEvent,
  timestamp: number,
  { properties, propertiesJson }: Pick<StoredEvent, 'properties' | 'propertiesJson'>,
): StoredEvent {
  return {
    organizationId,
    id: newId(),
    transactionId: event.transactionId,
    externalSubscriptionId: event.externalSubscriptionId,
    code: event.code,
    timestamp,
    timed: event.timestamp !== null,
    properties,
    propertiesJson,
    preciseTotalAmountMinor: event.preciseTotalAmountMinor,
    plain: event.plain === true && properties === event.properties,
    ingestedAt: now,
  };
}

function isStored(event: StoredEvent | EventErrors): event is StoredEvent {
  return typeof event.propertiesJson === 'string';
}

const TAKEN: EventErrors = { transaction_id: ['value_already_exist'] };

/** What is wrong with which events when all were to be stored, by their place; null when nothing is. */
export function refusals(outcomes: readonly Outcome[]): Record<string, EventErrors> | null {
  let errors: Record<string, EventErrors> | null = null;
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'accepted') continue;
    errors ??= {};
    errors[index] = outcome.status === 'invalid' ? outcome.errors : TAKEN;
  }
  return errors;
}

/**
 * Stores events in the caller's transaction, all or nothing (semantics 5.1). Throws BatchError, keyed by index, for a
 * duplicate (against stored events or inside the batch) and for an expression that cannot be worked out. `now` is the
 * organisation's clock.
 */
export async function storeEvents(
  tx: Tx,
  organizationId: string,
  now: number,
  events: readonly IncomingEvent[],
): Promise<StoredEvent[]> {
  const sending = { organizationId, now, events };
  const { organizationIds, codes } = scopeOf([sending]);
  const { expressions } = await openGroup(tx, organizationIds, codes);
  const [outcomes] = await storeSendings(tx, [sending], { expressions, hopeful: false });
  const errors = refusals(outcomes!);
  if (errors) throw new BatchError(errors);
  return outcomes!.flatMap((outcome) => (outcome.status === 'accepted' ? [outcome.event] : []));
}
