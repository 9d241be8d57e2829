import { jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, organizationId } from './columns.ts';

export const DOCUMENT_KINDS = ['invoice', 'credit_note'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/**
 * The document of an invoice or a credit note, described once, when it was first asked for: names and addresses on it stay
 * as they were then, whatever becomes of the customer. Never changed; the PDF is drawn from it each time.
 */
export const documents = pgTable(
  'documents',
  {
    organizationId: organizationId(),
    id: id(),
    kind: text({ enum: DOCUMENT_KINDS }).notNull(),
    objectId: uuid().notNull(),
    description: jsonb().$type<unknown>().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('documents_object').on(t.organizationId, t.kind, t.objectId),
  ],
);
