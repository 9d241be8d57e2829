import type { Databases } from '@/db/clients';
import { coalescerOf } from '@/lib/usage/coalescer';
import {
  BatchError,
  batchOf,
  type EventErrors,
  type IncomingEvent,
  MOST_INGESTED,
  readBatch,
  readEvent,
  readEventStrictly,
} from '@/lib/usage/incoming';
import type { Outcome } from '@/lib/usage/ingest';
import { missingRoot, unprocessable } from './errors.ts';
import { JsonText } from './json.ts';
import type { JsonObject } from './read-json.ts';
import { storedEventJson } from './serializers/stored-event.ts';

/** A call that brings events, whichever door it came through. */
export interface IngestCall {
  organizationId: string;
  databases: Databases;
  /** Length of the body's text, once it was read. */
  bodyLength: number;
  /** The body is known to be ASCII without a backslash; so is then every text of an answer. */
  plain: boolean;
  body(): Promise<JsonObject>;
  attributes(root: string): Promise<JsonObject>;
}

/** Stores events that must all be stored, with those of other calls; answers them as JSON text once committed. */
async function storeWhole(call: IngestCall, events: IncomingEvent[]): Promise<string[]> {
  const { organizationId, databases, bodyLength } = call;
  const outcomes = await coalescerOf(databases).store({ organizationId, events, whole: true }, bodyLength);
  return outcomes.map((outcome) => (outcome.status === 'invalid' ? '' : storedEventJson(outcome.event)));
}

async function storeOne(call: IngestCall) {
  const read = readEvent(await call.attributes('event'), call.plain);
  if (!read.ok) throw unprocessable(read.errors);
  try {
    const [stored] = await storeWhole(call, [read.event]);
    return new JsonText(`{"event":${stored}}`, call.plain);
  } catch (error) {
    // The errors of a single event are its own, not keyed by its place.
    throw error instanceof BatchError ? unprocessable(error.errors[0] ?? {}) : error;
  }
}

async function storeBatch(call: IngestCall) {
  const { events } = await call.body();
  if (events === undefined || events === null) throw missingRoot('events');
  const stored = await storeWhole(call, readBatch(events, call.plain));
  return new JsonText(`{"events":[${stored.join(',')}]}`, call.plain);
}

const WORDS = {
  duplicate: 'The same event was stored before. Nothing is to be done.',
  conflict: 'Another event was stored under this transaction_id. Send this one under its own.',
} as const;

function outcomeJson(index: number, outcome: Outcome | { status: 'invalid'; errors: EventErrors }): string {
  if (outcome.status === 'invalid') {
    return `{"index":${index},"status":"invalid","errors":${JSON.stringify(outcome.errors)}}`;
  }
  const { event, status } = outcome;
  const id = JSON.stringify(event.transactionId);
  const more = status === 'accepted' ? `"lago_id":"${event.id}"` : `"message":"${WORDS[status]}"`;
  return `{"index":${index},"transaction_id":${id},"status":"${status}",${more}}`;
}

async function ingest(call: IngestCall) {
  const { events: given } = await call.body();
  if (given === undefined || given === null) throw missingRoot('events');
  const values = batchOf(given, MOST_INGESTED);
  const reads = values.map((value) => readEventStrictly(value, call.plain));
  const events: IncomingEvent[] = reads.flatMap((read) => (read.ok ? [read.event] : []));
  const { organizationId, databases, bodyLength } = call;
  const stored =
    events.length > 0
      ? await coalescerOf(databases).store({ organizationId, events, whole: false }, bodyLength)
      : [];
  const counts = { accepted: 0, duplicate: 0, conflict: 0, invalid: 0 };
  let at = 0;
  const results = reads.map((read, index) => {
    const outcome = read.ok ? stored[at++]! : { status: 'invalid' as const, errors: read.errors };
    counts[outcome.status]++;
    return outcomeJson(index, outcome);
  });
  return new JsonText(
    `{"ingest":{"counts":${JSON.stringify(counts)},"results":[${results.join(',')}]}}`,
    call.plain,
  );
}

/** The calls that bring events, by path: served by the lean listener and, where there is none, by the router. */
export const INGEST = {
  '/events': storeOne,
  '/events/batch': storeBatch,
  '/ingest': ingest,
} as const;
