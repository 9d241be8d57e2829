import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, organizationId } from './columns.ts';

/**
 * Everything that falls due. Rows are worked in the order (dueAt, rank, id) under the customer's lock; the effect and
 * `doneAt` commit together. `key` names the occasion, so the same thing can fall due only once.
 */
export const dueItems = pgTable(
  'due_items',
  {
    organizationId: organizationId(),
    id: id(),
    kind: text().notNull(),
    key: text().notNull(),
    rank: integer().notNull(),
    dueAt: instant().notNull(),
    customerId: uuid(),
    subjectId: uuid().notNull(),
    payload: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    attempts: integer().notNull().default(0),
    lastError: text(),
    parkedAt: instant(),
    doneAt: instant(),
    canceledAt: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('due_items_once')
      .on(t.organizationId, t.kind, t.subjectId, t.key)
      .where(sql`canceled_at is null`),
    index('due_items_open')
      .on(t.organizationId, t.dueAt, t.rank, t.id)
      .where(sql`done_at is null and canceled_at is null and parked_at is null`),
    index('due_items_parked')
      .on(t.organizationId, t.parkedAt)
      .where(sql`parked_at is not null and done_at is null and canceled_at is null`),
    index('due_items_customer')
      .on(t.organizationId, t.customerId, t.dueAt)
      .where(sql`done_at is null and canceled_at is null`),
  ],
);

/** What the world is to be told, written in the transaction of the change. Nothing leaves before `releaseAt`. */
export const outbox = pgTable(
  'outbox',
  {
    organizationId: organizationId(),
    id: id(),
    topic: text({ enum: ['webhook', 'email'] }).notNull(),
    type: text().notNull(),
    objectType: text().notNull(),
    objectId: uuid().notNull(),
    payload: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    releaseAt: instant().notNull(),
    muted: text({ enum: ['no', 'yes'] })
      .notNull()
      .default('no'),
    /** The message exactly as it is sent, made once when it is dispatched; null while nobody listens. */
    body: text(),
    dispatchedAt: instant(),
    /** Making the message failed this often, and why; set aside after too many. */
    failures: integer().notNull().default(0),
    lastError: text(),
    parkedAt: instant(),
    canceledAt: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('outbox_open')
      .on(t.releaseAt, t.id)
      .where(sql`dispatched_at is null and canceled_at is null and parked_at is null and muted = 'no'`),
    index('outbox_object').on(t.organizationId, t.objectId),
    index('outbox_parked').on(t.organizationId, t.parkedAt).where(sql`parked_at is not null`),
  ],
);
