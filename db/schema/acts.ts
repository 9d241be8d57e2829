import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, minor, organizationId } from './columns.ts';

export const UNDO_CLASSES = ['held', 'reversible', 'fix_forward'] as const;
export type UndoClass = (typeof UNDO_CLASSES)[number];

/**
 * Audit rows: who did what, to whom, why, what it changed and how it is taken back. Never changed; an undo is another row
 * that names the one it undoes, and the unique index lets that happen once.
 */
export const auditRows = pgTable(
  'audit_rows',
  {
    organizationId: organizationId(),
    id: id(),
    command: text().notNull(),
    /** What was done in words, as the button and the timeline say it. */
    title: text().notNull(),
    actorType: text({ enum: ['person', 'api_key', 'system'] }).notNull(),
    actorId: uuid(),
    actorName: text().notNull(),
    roles: jsonb().$type<string[]>().notNull().default([]),
    customerId: uuid(),
    subscriptionId: uuid(),
    subjectType: text().notNull(),
    subjectId: uuid(),
    input: jsonb().$type<unknown>().notNull(),
    before: jsonb().$type<unknown>(),
    after: jsonb().$type<unknown>(),
    /** What the act gives away, in minor units of `currency` (for limits and reports); days for trials. */
    givenAwayMinor: minor(),
    limitAct: text(),
    limitQuantity: minor(),
    currency: text(),
    reasonCode: text(),
    note: text(),
    undoClass: text({ enum: UNDO_CLASSES }),
    undoUntil: instant(),
    inverse: jsonb().$type<{ command: string; input: unknown }>(),
    undoesId: uuid(),
    approvalId: uuid(),
    previewToken: text(),
    requestId: text(),
    occurredAt: instant().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('audit_rows_undone_once').on(t.organizationId, t.undoesId).where(sql`undoes_id is not null`),
    index('audit_rows_customer').on(t.organizationId, t.customerId, t.occurredAt, t.id),
    index('audit_rows_time').on(t.organizationId, t.occurredAt, t.id),
    index('audit_rows_people').on(t.organizationId, t.occurredAt, t.id).where(sql`actor_type = 'person'`),
    index('audit_rows_actor').on(t.organizationId, t.actorId, t.occurredAt),
    index('audit_rows_limits')
      .on(t.organizationId, t.limitAct, t.occurredAt)
      .where(sql`limit_act is not null`),
  ],
);

/** The stored answer to a key: the same key gives the same answer, another input under it is refused. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    organizationId: organizationId(),
    key: text().notNull(),
    actorId: uuid().notNull(),
    command: text().notNull(),
    inputHash: text().notNull(),
    auditRowId: uuid(),
    result: jsonb().$type<unknown>(),
    createdAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.actorId, t.key] })],
);

/** An act over someone's limit waits here instead of happening. */
export const approvalRequests = pgTable(
  'approval_requests',
  {
    organizationId: organizationId(),
    id: id(),
    command: text().notNull(),
    title: text().notNull(),
    input: jsonb().$type<unknown>().notNull(),
    customerId: uuid(),
    amountMinor: minor(),
    currency: text(),
    reasonCode: text(),
    note: text(),
    overBy: text().notNull(),
    /** What the act was worked out to do when it was asked for: the figures the approver compares with. */
    figures: jsonb().$type<unknown>(),
    requestedBy: uuid().notNull(),
    requestedByName: text().notNull(),
    status: text({ enum: ['waiting', 'approved', 'declined', 'withdrawn', 'expired'] })
      .notNull()
      .default('waiting'),
    decidedBy: uuid(),
    decidedByName: text(),
    decidedAt: instant(),
    decisionNote: text(),
    auditRowId: uuid(),
    expiresAt: instant().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('approval_requests_waiting').on(t.organizationId, t.createdAt).where(sql`status = 'waiting'`),
  ],
);
