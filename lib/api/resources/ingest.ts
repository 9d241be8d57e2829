import { z } from 'zod';
import type { Door } from '../environment.ts';
import { INGEST } from '../ingest.ts';
import { post } from '../routes.ts';
import { is, one, resource, word } from '../wire-schema.ts';
import { ingestBody } from './event-input.ts';

const ingestSchema = resource('IngestResult', {
  counts: z.object({ accepted: is.int, duplicate: is.int, conflict: is.int, invalid: is.int }),
  results: z.array(
    z.object({
      index: is.int,
      status: word(['accepted', 'duplicate', 'conflict', 'invalid']),
      transaction_id: is.str.optional(),
      lago_id: is.uuid.optional(),
      message: is.str.optional(),
      errors: z.record(z.string(), is.texts).optional(),
    }),
  ),
});

/** Our own way in: every event of a batch is taken or refused for itself, and the answer says which. */
export function ingestRoutes(door: Door): void {
  post(door, '/ingest', { answers: one('ingest', ingestSchema), takes: ingestBody }, INGEST['/ingest']);
}
