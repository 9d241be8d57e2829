import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, organizationId } from './columns.ts';

/**
 * What a write with an Idempotency-Key was answered, so that the same request sent again is answered the same. Without a
 * status it is still being worked on, at most until `lockedUntil`. `claimId` names the acts done for it.
 */
export const apiAnswers = pgTable(
  'api_answers',
  {
    organizationId: organizationId(),
    key: text().notNull(),
    claimId: uuid().notNull(),
    requestHash: text().notNull(),
    status: integer(),
    body: text(),
    createdAt: instant().notNull(),
    lockedUntil: instant().notNull(),
    expiresAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.key] }), index('api_answers_expiry').on(t.expiresAt)],
);

/**
 * Calls of the HTTP API, without bodies and queries; of a refusal what it said. The id is time-ordered, so it is both the
 * order of the list and the measure of how long a row is kept.
 */
export const apiRequests = pgTable(
  'api_requests',
  {
    organizationId: organizationId(),
    id: id(),
    requestId: text().notNull(),
    method: text().notNull(),
    path: text().notNull(),
    status: integer().notNull(),
    durationMs: integer().notNull(),
    apiKeyId: uuid(),
    client: text(),
    error: jsonb().$type<Record<string, unknown>>(),
    occurredAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('api_requests_refused').on(t.organizationId, t.id).where(sql`status >= 400`),
    index('api_requests_key').on(t.organizationId, t.apiKeyId, t.id),
    uniqueIndex('api_requests_request').on(t.organizationId, t.requestId, t.id),
  ],
);
