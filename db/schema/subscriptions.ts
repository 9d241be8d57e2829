import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { exact, id, instant, organizationId, tenantReference } from './columns.ts';
import { customers } from './customers.ts';
import { fixedCharges, plans, planVersions } from './plans.ts';

export const SUBSCRIPTION_STATUSES = ['pending', 'active', 'terminated', 'canceled', 'incomplete'] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/**
 * One agreement. `subscriptionAt` is the anchor of its periods, `startedAt` the moment service began; both survive plan
 * changes differently (semantics 2.1). `trialEndsAt` is the exclusive end of the free time, set when the subscription
 * starts and moved by operators; nothing recomputes it from the plan afterwards.
 */
export const subscriptions = pgTable(
  'subscriptions',
  {
    organizationId: organizationId(),
    id: id(),
    customerId: uuid().notNull(),
    planId: uuid().notNull(),
    planVersionId: uuid().notNull(),
    externalId: text().notNull(),
    name: text(),
    status: text({ enum: SUBSCRIPTION_STATUSES }).notNull(),
    billingTime: text({ enum: ['calendar', 'anniversary'] })
      .notNull()
      .default('calendar'),
    subscriptionAt: instant().notNull(),
    startedAt: instant(),
    activatedAt: instant(),
    trialEndsAt: instant(),
    trialEndedAt: instant(),
    endingAt: instant(),
    terminatedAt: instant(),
    /** The last event that had come in when it ended: of events at that very instant, later ones are for what follows. */
    closedSequence: bigint({ mode: 'bigint' }),
    canceledAt: instant(),
    pausedAt: instant(),
    previousSubscriptionId: uuid(),
    /** How it ended: by itself, because a dearer plan replaced it at once, or because a cheaper one did at the period's end. */
    terminationKind: text({ enum: ['terminated', 'upgraded', 'downgraded'] }),
    onTerminationCreditNote: text({ enum: ['credit', 'refund', 'offset', 'skip'] }),
    onTerminationInvoice: text({ enum: ['generate', 'skip'] })
      .notNull()
      .default('generate'),
    progressiveBillingDisabled: boolean().notNull().default(false),
    consolidateInvoice: boolean().notNull().default(true),
    purchaseOrderNumber: text(),
    billingEntityId: uuid(),
    cancellationReason: text(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('subscriptions_one_active').on(t.organizationId, t.externalId).where(sql`status = 'active'`),
    uniqueIndex('subscriptions_one_successor')
      .on(t.organizationId, t.previousSubscriptionId)
      .where(sql`status in ('pending', 'active') and previous_subscription_id is not null`),
    index('subscriptions_customer').on(t.organizationId, t.customerId, t.status),
    index('subscriptions_external').on(t.organizationId, t.externalId),
    index('subscriptions_version').on(t.organizationId, t.planVersionId, t.status),
    index('subscriptions_plan')
      .on(t.organizationId, t.planId, t.startedAt, t.id)
      .where(sql`status = 'active'`),
    index('subscriptions_trials').on(t.organizationId, t.trialEndsAt).where(sql`status = 'active'`),
    tenantReference(t.organizationId, t.customerId, () => customers),
    tenantReference(t.organizationId, t.planId, () => plans),
    tenantReference(t.organizationId, t.planVersionId, () => planVersions),
  ],
);

/** What one subscription pays differently. Absent members follow the plan version, so later versions still reach them. */
export interface PriceOverridePatch {
  amountMinor?: string;
  currency?: string;
  name?: string;
  description?: string | null;
  invoiceDisplayName?: string | null;
  trialDays?: string;
  taxCodes?: string[];
  commitment?: {
    id: string;
    amountMinor: string;
    displayName: string | null;
    taxCodes: string[];
    createdAt: string;
  } | null;
  charges?: Record<string, ChargeOverride>;
  fixedCharges?: Record<string, FixedChargeOverride>;
  /** Charges and fixed charges the plan got that did not reach this subscription, by id. */
  leftOut?: string[];
  /** Charges and fixed charges the plan lost that this subscription still has, by id. */
  kept?: string[];
}

export interface ChargeOverride {
  id: string;
  invoiceDisplayName?: string | null;
  minAmountMinor?: string;
  properties?: Record<string, unknown>;
  /** Of a charge priced in a pricing unit. */
  conversionRate?: string;
  filters?: {
    id: string;
    invoiceDisplayName: string | null;
    values: Record<string, string[]>;
    properties: Record<string, unknown>;
  }[];
  taxCodes?: string[];
}

export interface FixedChargeOverride {
  id: string;
  invoiceDisplayName?: string | null;
  units?: string;
  properties?: Record<string, unknown>;
  taxCodes?: string[];
}

/** A customer price. It patches the plan version by charge id instead of cloning the plan; kept by subscription lineage. */
export const priceOverrides = pgTable(
  'price_overrides',
  {
    organizationId: organizationId(),
    id: id(),
    subscriptionId: uuid().notNull(),
    patch: jsonb().$type<PriceOverridePatch>().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('price_overrides_subscription').on(t.organizationId, t.subscriptionId),
    tenantReference(t.organizationId, t.subscriptionId, () => subscriptions),
  ],
);

/** Dated changes of a fixed charge's units on one subscription (semantics 6.13). */
export const fixedChargeEvents = pgTable(
  'fixed_charge_events',
  {
    organizationId: organizationId(),
    id: id(),
    subscriptionId: uuid().notNull(),
    fixedChargeId: uuid().notNull(),
    units: exact().notNull(),
    effectiveAt: instant().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('fixed_charge_events_subscription').on(
      t.organizationId,
      t.subscriptionId,
      t.fixedChargeId,
      t.effectiveAt,
    ),
    tenantReference(t.organizationId, t.subscriptionId, () => subscriptions),
    tenantReference(t.organizationId, t.fixedChargeId, () => fixedCharges),
  ],
);
