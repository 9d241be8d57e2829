import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { exact, id, instant, minor, organizationId, tenantReference } from './columns.ts';
import { customers } from './customers.ts';

export const coupons = pgTable(
  'coupons',
  {
    organizationId: organizationId(),
    id: id(),
    code: text().notNull(),
    name: text().notNull(),
    description: text(),
    status: text({ enum: ['active', 'terminated'] })
      .notNull()
      .default('active'),
    couponType: text({ enum: ['fixed_amount', 'percentage'] }).notNull(),
    amountMinor: minor(),
    currency: text(),
    percentageRate: exact(),
    frequency: text({ enum: ['once', 'recurring', 'forever'] }).notNull(),
    frequencyDuration: integer(),
    reusable: boolean().notNull().default(true),
    limitedPlans: boolean().notNull().default(false),
    limitedBillableMetrics: boolean().notNull().default(false),
    expiration: text({ enum: ['no_expiration', 'time_limit'] }).notNull(),
    expirationAt: instant(),
    /** True for the one-off coupon behind a discount given on the customer's page: kept out of the catalogue. */
    adHoc: boolean().notNull().default(false),
    createdAt: instant().notNull(),
    terminatedAt: instant(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('coupons_code').on(t.organizationId, t.code).where(sql`deleted_at is null`),
  ],
);

/** What a limited coupon applies to: plans or metrics, never both (semantics 8.1). */
export const couponTargets = pgTable(
  'coupon_targets',
  {
    organizationId: organizationId(),
    couponId: uuid().notNull(),
    targetType: text({ enum: ['plan', 'billable_metric'] }).notNull(),
    targetId: uuid().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.couponId, t.targetType, t.targetId] }),
    tenantReference(t.organizationId, t.couponId, () => coupons),
  ],
);

export const appliedCoupons = pgTable(
  'applied_coupons',
  {
    organizationId: organizationId(),
    id: id(),
    couponId: uuid().notNull(),
    customerId: uuid().notNull(),
    status: text({ enum: ['active', 'terminated'] })
      .notNull()
      .default('active'),
    amountMinor: minor(),
    currency: text(),
    percentageRate: exact(),
    frequency: text({ enum: ['once', 'recurring', 'forever'] }).notNull(),
    frequencyDuration: integer(),
    frequencyDurationRemaining: integer(),
    createdAt: instant().notNull(),
    terminatedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('applied_coupons_customer').on(t.organizationId, t.customerId, t.status),
    index('applied_coupons_coupon').on(t.organizationId, t.couponId),
    tenantReference(t.organizationId, t.couponId, () => coupons),
    tenantReference(t.organizationId, t.customerId, () => customers),
  ],
);
