import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, organizationId, tenantReference } from './columns.ts';
import { plans } from './plans.ts';
import { subscriptions } from './subscriptions.ts';

export const PRIVILEGE_TYPES = ['integer', 'string', 'boolean', 'select'] as const;
export type PrivilegeType = (typeof PRIVILEGE_TYPES)[number];
export type PrivilegeValue = number | string | boolean;

/** One thing a feature allows or limits, for example a number of seats. */
export interface Privilege {
  code: string;
  name: string | null;
  valueType: PrivilegeType;
  selectOptions: string[] | null;
}

/** What a plan may include beside its prices; the product asks for it, no bill is touched by it. */
export const features = pgTable(
  'features',
  {
    organizationId: organizationId(),
    id: id(),
    code: text().notNull(),
    name: text(),
    description: text(),
    privileges: jsonb().$type<Privilege[]>().notNull().default([]),
    createdAt: instant().notNull(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('features_code').on(t.organizationId, t.code).where(sql`deleted_at is null`),
    index('features_created').on(t.organizationId, t.createdAt, t.id),
  ],
);

/** A feature that a plan includes, with the values of its privileges by code. */
export const planEntitlements = pgTable(
  'plan_entitlements',
  {
    organizationId: organizationId(),
    planId: uuid().notNull(),
    featureId: uuid().notNull(),
    values: jsonb().$type<Record<string, PrivilegeValue>>().notNull().default({}),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.planId, t.featureId] }),
    index('plan_entitlements_feature').on(t.organizationId, t.featureId),
    tenantReference(t.organizationId, t.planId, () => plans),
    tenantReference(t.organizationId, t.featureId, () => features),
  ],
);

/** What one subscription may use differently from its plan: other values, privileges or the whole feature taken away. */
export const subscriptionEntitlements = pgTable(
  'subscription_entitlements',
  {
    organizationId: organizationId(),
    subscriptionId: uuid().notNull(),
    featureId: uuid().notNull(),
    removedAt: instant(),
    values: jsonb().$type<Record<string, PrivilegeValue>>().notNull().default({}),
    removedPrivileges: jsonb().$type<string[]>().notNull().default([]),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.subscriptionId, t.featureId] }),
    index('subscription_entitlements_feature').on(t.organizationId, t.featureId),
    tenantReference(t.organizationId, t.subscriptionId, () => subscriptions),
    tenantReference(t.organizationId, t.featureId, () => features),
  ],
);
