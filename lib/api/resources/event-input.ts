import { z } from 'zod';
import { loosely } from '@/lib/commands/core/fields';
import { DEFAULT_BATCH_LIMIT, MOST_INGESTED, readTimestamp } from '@/lib/usage/incoming';
import { bare, body } from '../about.ts';

/**
 * An event as it is sent (API contract, section 5). Events are the API's hottest path and are read by hand
 * (usage/incoming.ts); this says the same, and a test holds the two against each other.
 */
const UNKEEPABLE = /[\0\p{Cs}]/u;

function textOf(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

const id = () =>
  z.preprocess(
    textOf,
    z
      .string({ error: 'value_is_mandatory' })
      .min(1, { error: 'value_is_mandatory' })
      .max(255, { error: 'value_is_too_long' })
      .refine((value) => !UNKEEPABLE.test(value), { error: 'value_is_invalid' }),
  );

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

export const eventInput = z.object({
  transaction_id: id(),
  external_subscription_id: id(),
  code: id(),
  timestamp: loosely({
    type: ['number', 'string', 'null'],
    description: 'Epoch seconds, whole or not, or the same as text; the time of arrival when left out.',
  }).refine((value) => !isGiven(value) || readTimestamp(value) !== null, { error: 'invalid_format' }),
  properties: loosely({ type: 'object' }),
  precise_total_amount_cents: loosely({
    type: ['string', 'number', 'null'],
    description: 'The price, for charges that are priced by the event itself.',
  }),
});

export const eventBody = body('event', eventInput);
export const batchBody = bare(z.object({ events: z.array(eventInput).min(1).max(DEFAULT_BATCH_LIMIT) }));
/** Members that Lago's routes drop in silence are refused here. */
export const ingestBody = bare(
  z.object({ events: z.array(z.strictObject(eventInput.shape)).min(1).max(MOST_INGESTED) }),
);
