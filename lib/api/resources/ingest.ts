import { coalescerOf } from '@/lib/usage/coalescer';
import { batchOf, type EventErrors, type IncomingEvent, readEventStrictly } from '@/lib/usage/incoming';
import type { Outcome } from '@/lib/usage/ingest';
import type { Door } from '../environment.ts';
import { missingRoot } from '../errors.ts';
import { JsonText } from '../json.ts';
import type { ApiRequest } from '../request.ts';
import { post } from '../routes.ts';

/** Events one call may bring here; a call is one transaction with those that arrive beside it. */
const MOST_EVENTS = 5_000;

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

async function ingest(request: ApiRequest) {
  const { events: given } = await request.body();
  if (given === undefined || given === null) throw missingRoot('events');
  const values = batchOf(given, MOST_EVENTS);
  const reads = values.map(readEventStrictly);
  const events: IncomingEvent[] = reads.flatMap((read) => (read.ok ? [read.event] : []));
  const { organizationId, databases, bodyLength } = request;
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
  return new JsonText(`{"ingest":{"counts":${JSON.stringify(counts)},"results":[${results.join(',')}]}}`);
}

/** Our own way in: every event of a batch is taken or refused for itself, and the answer says which. */
export function ingestRoutes(door: Door): void {
  post(door, '/ingest', ingest);
}
