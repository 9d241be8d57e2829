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
import { addOns, billableMetrics } from './catalog.ts';
import { exact, id, instant, minor, organizationId, tenantReference } from './columns.ts';

export const INTERVALS = ['weekly', 'monthly', 'quarterly', 'semiannual', 'yearly'] as const;
export type Interval = (typeof INTERVALS)[number];
/** A plan's identity. What it costs lives in its versions; `retiredAt` closes it to new customers and changes nothing for old ones. */
export const plans = pgTable(
  'plans',
  {
    organizationId: organizationId(),
    id: id(),
    code: text().notNull(),
    name: text().notNull(),
    invoiceDisplayName: text(),
    description: text(),
    currentVersionId: uuid(),
    metadata: jsonb().$type<Record<string, string | null>>(),
    createdAt: instant().notNull(),
    retiredAt: instant(),
    pendingDeletionAt: instant(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('plans_code').on(t.organizationId, t.code).where(sql`deleted_at is null`),
  ],
);

/**
 * One set of prices. Subscriptions point at a version, so publishing a new one moves nobody. Lago's plan update edits the
 * current version in place (its contract); the console publishes a new one.
 */
export const planVersions = pgTable(
  'plan_versions',
  {
    organizationId: organizationId(),
    id: id(),
    planId: uuid().notNull(),
    version: integer().notNull(),
    interval: text({ enum: INTERVALS }).notNull(),
    amountMinor: minor().notNull(),
    currency: text().notNull(),
    payInAdvance: boolean().notNull().default(false),
    trialDays: exact(),
    billChargesMonthly: boolean().notNull().default(false),
    billFixedChargesMonthly: boolean().notNull().default(false),
    commitmentId: uuid(),
    commitmentAmountMinor: minor(),
    commitmentDisplayName: text(),
    commitmentCreatedAt: instant(),
    /** Lowest price per unit that sales may give one customer, by charge code; ours. */
    floors: jsonb().$type<Record<string, string>>(),
    createdAt: instant().notNull(),
    publishedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('plan_versions_number').on(t.organizationId, t.planId, t.version),
    tenantReference(t.organizationId, t.planId, () => plans),
  ],
);

/** A unit of account of our own making ("credits", "tokens") that charges may be priced in (semantics 1.3). */
export const pricingUnits = pgTable(
  'pricing_units',
  {
    organizationId: organizationId(),
    id: id(),
    code: text().notNull(),
    name: text().notNull(),
    shortName: text().notNull(),
    description: text(),
    /** Decimals of one unit. */
    exponent: integer().notNull().default(2),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('pricing_units_code').on(t.organizationId, t.code),
  ],
);

export const charges = pgTable(
  'charges',
  {
    organizationId: organizationId(),
    id: id(),
    planVersionId: uuid().notNull(),
    billableMetricId: uuid().notNull(),
    code: text().notNull(),
    position: integer().notNull().default(0),
    /** A name of the engine's registry; commands let no other in. */
    chargeModel: text().notNull(),
    invoiceDisplayName: text(),
    payInAdvance: boolean().notNull().default(false),
    prorated: boolean().notNull().default(false),
    invoiceable: boolean().notNull().default(true),
    regroupPaidFees: text(),
    minAmountMinor: minor().notNull().default(sql`0`),
    acceptsTargetWallet: boolean().notNull().default(false),
    /** Prices are in this pricing unit, worth `conversionRate` of the plan's currency each; null: in the currency itself. */
    pricingUnitId: uuid(),
    conversionRate: exact(),
    properties: jsonb().$type<Record<string, unknown>>().notNull(),
    createdAt: instant().notNull(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('charges_version').on(t.organizationId, t.planVersionId),
    uniqueIndex('charges_code').on(t.organizationId, t.planVersionId, t.code).where(sql`deleted_at is null`),
    tenantReference(t.organizationId, t.planVersionId, () => planVersions),
    tenantReference(t.organizationId, t.billableMetricId, () => billableMetrics),
    tenantReference(t.organizationId, t.pricingUnitId, () => pricingUnits),
  ],
);

export const chargeFilters = pgTable(
  'charge_filters',
  {
    organizationId: organizationId(),
    id: id(),
    chargeId: uuid().notNull(),
    position: integer().notNull().default(0),
    invoiceDisplayName: text(),
    values: jsonb().$type<Record<string, string[]>>().notNull(),
    properties: jsonb().$type<Record<string, unknown>>().notNull(),
    createdAt: instant().notNull(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('charge_filters_charge').on(t.organizationId, t.chargeId),
    tenantReference(t.organizationId, t.chargeId, () => charges),
  ],
);

export const fixedCharges = pgTable(
  'fixed_charges',
  {
    organizationId: organizationId(),
    id: id(),
    planVersionId: uuid().notNull(),
    addOnId: uuid().notNull(),
    code: text().notNull(),
    position: integer().notNull().default(0),
    chargeModel: text({ enum: ['standard', 'graduated', 'volume'] }).notNull(),
    invoiceDisplayName: text(),
    units: exact().notNull().default('0'),
    payInAdvance: boolean().notNull().default(false),
    prorated: boolean().notNull().default(false),
    properties: jsonb().$type<Record<string, unknown>>().notNull(),
    createdAt: instant().notNull(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('fixed_charges_version').on(t.organizationId, t.planVersionId),
    tenantReference(t.organizationId, t.planVersionId, () => planVersions),
    tenantReference(t.organizationId, t.addOnId, () => addOns),
  ],
);

/** Amounts at which a bill is made early, on a plan version or (replacing those) on one subscription. */
export const usageThresholds = pgTable(
  'usage_thresholds',
  {
    organizationId: organizationId(),
    id: id(),
    planVersionId: uuid(),
    subscriptionId: uuid(),
    amountMinor: minor().notNull(),
    displayName: text(),
    recurring: boolean().notNull().default(false),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('usage_thresholds_version').on(t.organizationId, t.planVersionId),
    index('usage_thresholds_subscription').on(t.organizationId, t.subscriptionId),
  ],
);
