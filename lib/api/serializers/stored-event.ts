import type { StoredEvent } from '@/lib/usage/incoming';
import { decOrNull, ts, ts3 } from '../wire.ts';

/** A batch arrives at one instant: its text is made once. */
let arrived = { at: Number.NaN, text: '' };

function arrival(at: number): string {
  if (arrived.at !== at) arrived = { at, text: ts(at) };
  return arrived.text;
}

const PLAIN = /^[ !#-[\]-~]*$/;

/** JSON text of a string. Ids and codes are plain as a rule, and known to be when their whole body is. */
function quoted(text: string, plain: boolean | undefined): string {
  return plain || PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/**
 * A just stored event as JSON text, the same members as `eventWire`: which subscription it is for is worked out when it
 * is read. Written by hand, because a batch answers a thousand of them.
 */
export function storedEventJson(event: StoredEvent): string {
  const { plain } = event;
  const amount = decOrNull(event.preciseTotalAmountMinor);
  return `{"lago_id":"${event.id}","transaction_id":${quoted(event.transactionId, plain)},"lago_customer_id":null,"code":${quoted(event.code, plain)},"timestamp":"${ts3(event.timestamp)}","precise_total_amount_cents":${amount === null ? 'null' : `"${amount}"`},"properties":${event.propertiesJson},"lago_subscription_id":null,"external_subscription_id":${quoted(event.externalSubscriptionId, plain)},"created_at":"${arrival(event.ingestedAt)}"}`;
}
