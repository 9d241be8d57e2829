import { sql } from 'drizzle-orm';
import { check, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, minor, organizationId } from './columns.ts';

export const ACCOUNT_KINDS = [
  'receivable',
  'cash',
  'revenue',
  'tax_payable',
  'paid_credit_liability',
  'free_credit_liability',
  'free_credit_cost',
  'credit_note_liability',
  'breakage',
] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

/** A ledger account: one per kind, currency and (for what is owed by or to a customer) customer. */
export const ledgerAccounts = pgTable(
  'ledger_accounts',
  {
    organizationId: organizationId(),
    id: id(),
    kind: text({ enum: ACCOUNT_KINDS }).notNull(),
    currency: text().notNull(),
    customerId: uuid(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('ledger_accounts_once').on(
      t.organizationId,
      t.kind,
      t.currency,
      sql`coalesce(customer_id, '00000000-0000-0000-0000-000000000000'::uuid)`,
    ),
  ],
);

/** One money fact. `sourceType` + `sourceId` + `entry` are unique, so a fact is posted at most once. */
export const ledgerEntries = pgTable(
  'ledger_entries',
  {
    organizationId: organizationId(),
    id: id(),
    entry: text().notNull(),
    sourceType: text().notNull(),
    sourceId: uuid().notNull(),
    customerId: uuid(),
    occurredAt: instant().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('ledger_entries_once').on(t.organizationId, t.sourceType, t.sourceId, t.entry),
  ],
);

/**
 * Postings of an entry: positive is debit, negative is credit; they sum to zero per entry and currency. Never changed. That
 * their entry and account are there is checked once a statement (migration "references_by_statement").
 */
export const ledgerPostings = pgTable(
  'ledger_postings',
  {
    organizationId: organizationId(),
    id: id(),
    entryId: uuid().notNull(),
    accountId: uuid().notNull(),
    amountMinor: minor().notNull(),
    currency: text().notNull(),
    occurredAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('ledger_postings_entry').on(t.organizationId, t.entryId),
    index('ledger_postings_account').on(t.organizationId, t.accountId, t.occurredAt),
    check('ledger_postings_nonzero', sql`amount_minor <> 0`),
  ],
);
