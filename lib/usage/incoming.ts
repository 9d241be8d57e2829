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
}

export type EventErrors = Record<string, string[]>;
export type ReadEvent = { ok: true; event: IncomingEvent } | { ok: false; errors: EventErrors };

const LATEST = 253_402_300_799_999;

/** Epoch seconds (integer, fraction or numeric text) as milliseconds, cut at the millisecond; null when unreadable. */
export function readTimestamp(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : value;
  const seconds = typeof text === 'string' ? Exact.parse(text.trim()) : null;
  if (!seconds) return null;
  const milliseconds = Number(seconds.pow10(3).floor().toBigInt());
  return Math.abs(milliseconds) <= LATEST ? milliseconds : null;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function amountOf(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && Exact.parse(text) ? text : null;
}

/** Reads one event by hand (this is the hottest path of the API). Errors carry Lago's codes by field. */
export function readEvent(value: unknown): ReadEvent {
  const input = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const transactionId = textOf(input.transaction_id);
  const externalSubscriptionId = textOf(input.external_subscription_id);
  const code = textOf(input.code);
  const errors: EventErrors = {};
  if (transactionId === '') errors.transaction_id = ['value_is_mandatory'];
  if (externalSubscriptionId === '') errors.external_subscription_id = ['value_is_mandatory'];
  if (code === '') errors.code = ['value_is_mandatory'];
  const given = input.timestamp;
  const isGiven = given !== undefined && given !== null && given !== '';
  const timestamp = isGiven ? readTimestamp(given) : null;
  if (isGiven && timestamp === null) errors.timestamp = ['invalid_format'];
  for (const field in errors) if (field) return { ok: false, errors };
  const properties = input.properties;
  return {
    ok: true,
    event: {
      transactionId,
      externalSubscriptionId,
      code,
      timestamp,
      properties:
        typeof properties === 'object' && properties !== null && !Array.isArray(properties)
          ? (properties as Record<string, unknown>)
          : {},
      preciseTotalAmountMinor: amountOf(input.precise_total_amount_cents),
    },
  };
}

export const DEFAULT_BATCH_LIMIT = 1000;

/** Reads a batch, all or nothing. Throws invalid: keyed by index, or `events` when there are none or too many. */
export function readBatch(values: unknown, limit = DEFAULT_BATCH_LIMIT): IncomingEvent[] {
  if (!Array.isArray(values) || values.length === 0) return invalid({ events: ['no_events'] });
  if (values.length > limit) return invalid({ events: ['too_many_events'] });
  const events: IncomingEvent[] = [];
  const errors: Record<string, EventErrors> = {};
  for (const [index, value] of values.entries()) {
    const read = readEvent(value);
    if (read.ok) events.push(read.event);
    else errors[index] = read.errors;
  }
  if (Object.keys(errors).length > 0) throw new BatchError(errors);
  return events;
}

/** A refused batch: what is wrong with which event, by its place in the batch. */
export class BatchError extends Error {
  override name = 'BatchError';
  constructor(readonly errors: Record<string, EventErrors>) {
    super('events refused');
  }
}
