import type { Door } from '../environment.ts';
import { INGEST } from '../ingest.ts';
import { post } from '../routes.ts';

/** Our own way in: every event of a batch is taken or refused for itself, and the answer says which. */
export function ingestRoutes(door: Door): void {
  post(door, '/ingest', INGEST['/ingest']);
}
