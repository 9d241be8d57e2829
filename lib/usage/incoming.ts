import { Exact } from '@/lib/billing/money/exact';
import { invalid } from '@/lib/schedule/errors';

/** An event as a caller sends it, read and checked; not yet stored. */
export interface IncomingEvent {
  transactionId: string;
  externalSubscriptionId: string;
  code: string;
  /** Epoch milliseconds; null means "when it arrives". */
  timestamp: number | null;
  properties: Record<string, unknown>;
  /** Minor units as decimal text, for charges priced by the event itself. */
  preciseTotalAmountMinor: string | null;
  /** All its texts and names are ASCII without quotes, backslashes and control characters, as nearly all events are. */
  plain?: boolean;
  /** JSON text of `properties`, where reading them made it. */
  propertiesJson?: string | undefined;
}

/** An event as it was stored. */
export interface StoredEvent extends IncomingEvent {
  organizationId: string;
  id: string;
  /** Epoch milliseconds. */
  timestamp: number;
  /** Whether the sender said the time; else it is the time of arrival. */
  timed: boolean;
  /** JSON text of `properties`. */
  propertiesJson: string;
  /** Epoch milliseconds. */
  ingestedAt: number;
}

export type EventErrors = Record<string, string[]>;
export type ReadEvent = { ok: true; event: IncomingEvent } | { ok: false; errors: EventErrors };

const EARLIEST = Date.parse('1900-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');
/** Ids and codes stand in indexes, whose entries have a limit of their own. */
const LONGEST_ID = 255;
const LONGEST_AMOUNT = 60;
const LONGEST_PROPERTIES = 100_000;
const DEEPEST = 32;
/** The database's numbers end at some thousands of digits; one longer number would stop the sums of everybody's usage. */
const LONGEST_NUMBER = 1_000;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** Epoch seconds (integer, fraction or numeric text) as milliseconds, cut at the millisecond; null when unreadable. */
export function readTimestamp(value: unknown): number | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return inCalendar(value * 1000);
  const text = typeof value === 'number' ? String(value) : value;
  const seconds = typeof text === 'string' && text.length <= LONGEST_AMOUNT ? Exact.parse(text.trim()) : null;
  return seconds ? inCalendar(Number(seconds.pow10(3).floor().toBigInt())) : null;
}

function inCalendar(milliseconds: number): number | null {
  return milliseconds >= EARLIEST && milliseconds <= LATEST ? milliseconds : null;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** NUL and halves of a pair, which the database cannot keep. */
const UNKEEPABLE = /[\0\p{Cs}]/u;

function checkId(errors: EventErrors, field: string, value: string): void {
  if (value === '') errors[field] = ['value_is_mandatory'];
  else if (value.length > LONGEST_ID) errors[field] = ['value_is_too_long'];
  else if (UNKEEPABLE.test(value)) errors[field] = ['value_is_invalid'];
}

function amountOf(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.length <= LONGEST_AMOUNT && Exact.parse(text) ? text : null;
}

/** Finds what a property cannot be: a number that is none, text that cannot be kept, a nest without an end. */
function checkProperty(errors: EventErrors, path: string, value: unknown, depth: number): void {
  if (typeof value === 'string') {
    if (UNKEEPABLE.test(value)) errors[path] = ['value_is_invalid'];
    else if (value.length > LONGEST_NUMBER && NUMBER.test(value)) errors[path] = ['value_is_out_of_range'];
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) errors[path] = ['value_is_out_of_range'];
  } else if (typeof value === 'object' && value !== null) {
    if (depth > DEEPEST) {
      errors.properties = ['value_is_nested_too_deep'];
      return;
    }
    for (const [name, inner] of Object.entries(value)) {
      const at = `${path}.${name.slice(0, 60)}`;
      if (UNKEEPABLE.test(name)) errors[at.replace(new RegExp(UNKEEPABLE, 'gu'), '')] = ['value_is_invalid'];
      else checkProperty(errors, at, inner, depth + 1);
    }
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

const isOrdinaryId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_ID;

/** JSON text of properties that are plain, flat and in range; null when they are not all of that. */
function flatJson(properties: Record<string, unknown>): string | null {
  let text = '';
  for (const name in properties) {
    const value = properties[name];
    text += text === '' ? `{"${name}":` : `,"${name}":`;
    if (typeof value === 'string') {
      if (value.length > LONGEST_NUMBER) return null;
      text += `"${value}"`;
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) return null;
      text += value;
    } else if (typeof value === 'boolean' || value === null) text += value;
    else return null;
  }
  return text === '' ? '{}' : `${text}}`;
}

/** Reads an event of a plain body as nearly all are. Null for any other: that one is read with care. */
function readOrdinary(value: unknown): IncomingEvent | null {
  if (!isMap(value)) return null;
  const { transaction_id, external_subscription_id, code, timestamp, properties } = value;
  if (!isOrdinaryId(transaction_id) || !isOrdinaryId(external_subscription_id) || !isOrdinaryId(code)) {
    return null;
  }
  const at = timestamp === undefined ? null : readTimestamp(timestamp);
  if ((at === null && timestamp !== undefined) || !isMap(properties)) return null;
  const propertiesJson = flatJson(properties);
  if (propertiesJson === null) return null;
  return {
    transactionId: transaction_id,
    externalSubscriptionId: external_subscription_id,
    code,
    timestamp: at,
    properties,
    preciseTotalAmountMinor: amountOf(value.precise_total_amount_cents),
    plain: true,
    propertiesJson,
  };
}

/**
 * Reads one event by hand (this is the hottest path of the API). Errors carry Lago's codes by field. `plain`: it comes from
 * a body of ASCII without a backslash.
 */
export function readEvent(value: unknown, plain = false): ReadEvent {
  const ordinary = plain ? readOrdinary(value) : null;
  if (ordinary) return { ok: true, event: ordinary };
  const input = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const transactionId = textOf(input.transaction_id);
  const externalSubscriptionId = textOf(input.external_subscription_id);
  const code = textOf(input.code);
  const errors: EventErrors = {};
  checkId(errors, 'transaction_id', transactionId);
  checkId(errors, 'external_subscription_id', externalSubscriptionId);
  checkId(errors, 'code', code);
  const timestamp = isGiven(input.timestamp) ? readTimestamp(input.timestamp) : null;
  if (timestamp === null && isGiven(input.timestamp)) errors.timestamp = ['invalid_format'];
  const properties = isMap(input.properties) ? input.properties : {};
  checkProperty(errors, 'properties', properties, 1);
  for (const field in errors) if (field) return { ok: false, errors };
  return {
    ok: true,
    event: {
      transactionId,
      externalSubscriptionId,
      code,
      timestamp,
      properties,
      preciseTotalAmountMinor: amountOf(input.precise_total_amount_cents),
      plain,
      propertiesJson: undefined,
    },
  };
}

/** Whether the properties are too long to be kept, given their JSON text. */
export function tooLong(propertiesJson: string): boolean {
  return propertiesJson.length > LONGEST_PROPERTIES;
}

const MEMBERS = new Set([
  'transaction_id',
  'external_subscription_id',
  'code',
  'timestamp',
  'properties',
  'precise_total_amount_cents',
]);

/** Reads one event for a route of our own, which also refuses what Lago's routes drop in silence. */
export function readEventStrictly(value: unknown, plain = false): ReadEvent {
  if (!isMap(value)) return { ok: false, errors: { base: ['value_is_invalid'] } };
  const errors: EventErrors = {};
  for (const name in value) if (!MEMBERS.has(name)) errors[name.slice(0, 60)] = ['unknown_field'];
  if (isGiven(value.properties) && !isMap(value.properties)) errors.properties = ['value_is_invalid'];
  const amount = value.precise_total_amount_cents;
  if (isGiven(amount) && amountOf(amount) === null) errors.precise_total_amount_cents = ['value_is_invalid'];
  const read = readEvent(value, plain);
  const found = { ...errors, ...(read.ok ? {} : read.errors) };
  return Object.keys(found).length > 0 ? { ok: false, errors: found } : read;
}

export const DEFAULT_BATCH_LIMIT = 1000;
/** Events one call of our own route may bring; a call is one transaction with those that arrive beside it. */
export const MOST_INGESTED = 5_000;

/** Reads a batch, all or nothing. Throws invalid: keyed by index, or `events` when there are none or too many. */
export function readBatch(values: unknown, plain: boolean): IncomingEvent[] {
  const events: IncomingEvent[] = [];
  const errors: Record<string, EventErrors> = {};
  for (const [index, value] of batchOf(values).entries()) {
    const read = readEvent(value, plain);
    if (read.ok) events.push(read.event);
    else errors[index] = read.errors;
  }
  if (Object.keys(errors).length > 0) throw new BatchError({ ...repeated(values as unknown[]), ...errors });
  return events;
}

/** Events that stand a second time in a batch that is refused anyway, so that all of its faults are told at once. */
function repeated(values: readonly unknown[]): Record<string, EventErrors> {
  const errors: Record<string, EventErrors> = {};
  const seen = new Set<string>();
  for (const [index, value] of values.entries()) {
    const read = readEvent(value);
    if (!read.ok) continue;
    const name = JSON.stringify([read.event.externalSubscriptionId, read.event.transactionId]);
    if (seen.has(name)) errors[index] = { transaction_id: ['value_already_exist'] };
    seen.add(name);
  }
  return errors;
}

/** The events of a batch, unread. Throws invalid `events` when there are none or too many. */
export function batchOf(values: unknown, limit = DEFAULT_BATCH_LIMIT): unknown[] {
  if (!Array.isArray(values) || values.length === 0) return invalid({ events: ['no_events'] });
  if (values.length > limit) return invalid({ events: ['too_many_events'] });
  return values;
}

/** A refused batch: what is wrong with which event, by its place in the batch. */
export class BatchError extends Error {
  override name = 'BatchError';
  constructor(readonly errors: Record<string, EventErrors>) {
    super('events refused');
  }
}
