import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { exact, id, instant, minor, organizationId, tenantReference } from './columns.ts';
import { invoices } from './invoices.ts';

export const SUBSCRIPTION_ALERT_TYPES = [
  'current_usage_amount',
  'billable_metric_current_usage_amount',
  'billable_metric_current_usage_units',
  'lifetime_usage_amount',
  'billable_metric_lifetime_usage_units',
] as const;
export const WALLET_ALERT_TYPES = [
  'wallet_balance_amount',
  'wallet_credits_balance',
  'wallet_ongoing_balance_amount',
  'wallet_credits_ongoing_balance',
] as const;
export const ALERT_TYPES = [...SUBSCRIPTION_ALERT_TYPES, ...WALLET_ALERT_TYPES] as const;
export type AlertType = (typeof ALERT_TYPES)[number];

/**
 * Someone wants to hear when a value passes thresholds (semantics 7.4). It watches a subscription, found by its external
 * id so that it survives a change of plan, or a wallet. `previousValue` is the value it last saw: minor units for
 * amounts, units or credits otherwise.
 */
export const usageAlerts = pgTable(
  'usage_alerts',
  {
    organizationId: organizationId(),
    id: id(),
    externalSubscriptionId: text(),
    walletId: uuid(),
    billableMetricId: uuid(),
    alertType: text({ enum: ALERT_TYPES }).notNull(),
    direction: text({ enum: ['increasing', 'decreasing'] }).notNull(),
    code: text().notNull(),
    name: text(),
    previousValue: exact().notNull().default('0'),
    lastProcessedAt: instant(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('usage_alerts_subscription_code')
      .on(t.organizationId, t.externalSubscriptionId, t.code)
      .where(sql`deleted_at is null and external_subscription_id is not null`),
    uniqueIndex('usage_alerts_wallet_code')
      .on(t.organizationId, t.walletId, t.code)
      .where(sql`deleted_at is null and wallet_id is not null`),
  ],
);

export const alertThresholds = pgTable(
  'alert_thresholds',
  {
    organizationId: organizationId(),
    id: id(),
    alertId: uuid().notNull(),
    code: text(),
    value: exact().notNull(),
    /** Repeats every `value` beyond the last fixed threshold. */
    recurring: boolean().notNull().default(false),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('alert_thresholds_alert').on(t.organizationId, t.alertId),
    tenantReference(t.organizationId, t.alertId, () => usageAlerts),
  ],
);

/**
 * What a customer used over the life of an agreement outside this house (semantics 7.3). A lineage of subscriptions shares
 * its external id and its anchor; what was invoiced and what is running is summed when asked for.
 */
export const lifetimeUsages = pgTable(
  'lifetime_usages',
  {
    organizationId: organizationId(),
    id: id(),
    externalSubscriptionId: text().notNull(),
    anchor: instant().notNull(),
    historicalAmountMinor: minor().notNull().default(sql`0`),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('lifetime_usages_lineage').on(t.organizationId, t.externalSubscriptionId, t.anchor),
  ],
);

/** The thresholds a progressive invoice was made for, as they were then (semantics 7.2). */
export const appliedUsageThresholds = pgTable(
  'applied_usage_thresholds',
  {
    organizationId: organizationId(),
    id: id(),
    invoiceId: uuid().notNull(),
    subscriptionId: uuid().notNull(),
    usageThresholdId: uuid().notNull(),
    thresholdAmountMinor: minor().notNull(),
    recurring: boolean().notNull(),
    lifetimeUsageAmountMinor: minor().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('applied_usage_thresholds_once').on(t.organizationId, t.invoiceId, t.usageThresholdId),
    index('applied_usage_thresholds_subscription').on(t.organizationId, t.subscriptionId, t.createdAt),
    tenantReference(t.organizationId, t.invoiceId, () => invoices),
  ],
);
