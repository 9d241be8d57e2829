import { sql } from 'drizzle-orm';
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { exact, id, instant, minor, organizationId, tenantReference } from './columns.ts';

/** What is counted. "Meter" on screen. */
export const billableMetrics = pgTable(
  'billable_metrics',
  {
    organizationId: organizationId(),
    id: id(),
    code: text().notNull(),
    name: text().notNull(),
    description: text(),
    /** A name of the engine's registry; commands let no other in. */
    aggregationType: text().notNull(),
    fieldName: text(),
    recurring: boolean().notNull().default(false),
    expression: text(),
    roundingFunction: text({ enum: ['round', 'ceil', 'floor'] }),
    roundingPrecision: integer(),
    weightedInterval: text(),
    filters: jsonb().$type<{ key: string; values: string[] }[]>().notNull().default([]),
    /** Words for one and many units on screen, for example "minute"; ours, absent from Lago's API. */
    unitName: text(),
    createdAt: instant().notNull(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('billable_metrics_code').on(t.organizationId, t.code).where(sql`deleted_at is null`),
  ],
);

export const addOns = pgTable(
  'add_ons',
  {
    organizationId: organizationId(),
    id: id(),
    code: text().notNull(),
    name: text().notNull(),
    invoiceDisplayName: text(),
    description: text(),
    amountMinor: minor().notNull(),
    currency: text().notNull(),
    createdAt: instant().notNull(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('add_ons_code').on(t.organizationId, t.code).where(sql`deleted_at is null`),
  ],
);

export const taxes = pgTable(
  'taxes',
  {
    organizationId: organizationId(),
    id: id(),
    code: text().notNull(),
    name: text().notNull(),
    rate: exact().notNull(),
    description: text(),
    createdAt: instant().notNull(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('taxes_code').on(t.organizationId, t.code).where(sql`deleted_at is null`),
  ],
);

export const TAX_OWNERS = [
  'billing_entity',
  'customer',
  'plan',
  'charge',
  'fixed_charge',
  'commitment',
  'add_on',
] as const;

/** Which taxes an object bears; the nearest level that has any wins (semantics 9.1). */
export const taxAssignments = pgTable(
  'tax_assignments',
  {
    organizationId: organizationId(),
    ownerType: text({ enum: TAX_OWNERS }).notNull(),
    ownerId: uuid().notNull(),
    taxId: uuid().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.ownerType, t.ownerId, t.taxId] }),
    tenantReference(t.organizationId, t.taxId, () => taxes),
    index('tax_assignments_tax').on(t.organizationId, t.taxId),
  ],
);
