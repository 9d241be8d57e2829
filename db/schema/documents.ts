import { jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, organizationId } from './columns.ts';

export const DOCUMENT_KINDS = ['invoice', 'credit_note'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** A party of a document as it was named and addressed when the document was issued. */
export interface PartyFacts {
  /** What the house calls it. */
  name: string;
  legalName: string | null;
  line1: string | null;
  line2: string | null;
  city: string | null;
  state: string | null;
  zipcode: string | null;
  country: string | null;
  taxNumber: string | null;
  legalNumber: string | null;
}

/** Who stands on a document, whoever of them sells, and what the house writes under it. */
export interface DocumentParties {
  customer: PartyFacts;
  entity: PartyFacts;
  footer: string | null;
}

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
