import { pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { exact, id, instant, organizationId, tenantReference } from './columns.ts';
import { invoices } from './invoices.ts';

/**
 * What a person changed on a line of a draft (semantics 6.15): its units, its units and unit price, or only its name. It
 * belongs to the line's key and not to its row, so it survives every time the draft is worked out again.
 */
export const adjustedFees = pgTable(
  'adjusted_fees',
  {
    organizationId: organizationId(),
    id: id(),
    invoiceId: uuid().notNull(),
    lineKey: text().notNull(),
    units: exact(),
    /** Major units of the invoice's currency; only together with units. */
    unitPreciseAmount: exact(),
    invoiceDisplayName: text(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('adjusted_fees_once').on(t.organizationId, t.invoiceId, t.lineKey),
    tenantReference(t.organizationId, t.invoiceId, () => invoices),
  ],
);
