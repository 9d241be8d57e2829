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
import { customers } from './customers.ts';
import { billingEntities } from './organizations.ts';

/** Prepaid credits of a customer. Balances are sums of the lots' remainders; the columns are kept for lists and checked against them. */
export const wallets = pgTable(
  'wallets',
  {
    organizationId: organizationId(),
    id: id(),
    customerId: uuid().notNull(),
    status: text({ enum: ['active', 'terminated'] })
      .notNull()
      .default('active'),
    code: text().notNull(),
    name: text(),
    currency: text().notNull(),
    rateAmount: exact().notNull(),
    priority: integer().notNull().default(50),
    balanceMinor: minor().notNull().default(sql`0`),
    creditsBalance: exact().notNull().default('0'),
    consumedAmountMinor: minor().notNull().default(sql`0`),
    consumedCredits: exact().notNull().default('0'),
    ongoingBalanceMinor: minor().notNull().default(sql`0`),
    ongoingUsageBalanceMinor: minor().notNull().default(sql`0`),
    creditsOngoingBalance: exact().notNull().default('0'),
    creditsOngoingUsageBalance: exact().notNull().default('0'),
    depletedOngoingBalance: boolean().notNull().default(false),
    allowedFeeTypes: jsonb().$type<string[]>().notNull().default([]),
    allowedMetricIds: jsonb().$type<string[]>().notNull().default([]),
    invoiceRequiresSuccessfulPayment: boolean().notNull().default(false),
    paidTopUpMinAmountMinor: minor(),
    paidTopUpMaxAmountMinor: minor(),
    purchaseOrderNumber: text(),
    /** Whose bills its purchases are; the customer's own entity when null. */
    billingEntityId: uuid(),
    metadata: jsonb().$type<Record<string, string | null>>(),
    expirationAt: instant(),
    terminatedAt: instant(),
    lastBalanceSyncAt: instant(),
    lastConsumedCreditAt: instant(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('wallets_code').on(t.organizationId, t.customerId, t.code).where(sql`status = 'active'`),
    index('wallets_customer').on(t.organizationId, t.customerId, t.status),
    tenantReference(t.organizationId, t.customerId, () => customers),
    tenantReference(t.organizationId, t.billingEntityId, () => billingEntities),
  ],
);

/**
 * Every movement of credits. A settled inbound row is a lot: what is left of it is `remainingAmountMinor`, and it may
 * have its own expiry and reason (ours). Outbound rows say what was used, voided or expired.
 */
export const walletTransactions = pgTable(
  'wallet_transactions',
  {
    organizationId: organizationId(),
    id: id(),
    walletId: uuid().notNull(),
    customerId: uuid().notNull(),
    transactionType: text({ enum: ['inbound', 'outbound'] }).notNull(),
    status: text({ enum: ['pending', 'settled', 'failed'] }).notNull(),
    transactionStatus: text({ enum: ['purchased', 'granted', 'voided', 'invoiced', 'expired'] }).notNull(),
    source: text({ enum: ['manual', 'interval', 'threshold'] })
      .notNull()
      .default('manual'),
    priority: integer().notNull().default(50),
    amountMinor: minor().notNull(),
    creditAmount: exact().notNull(),
    remainingAmountMinor: minor(),
    expiresAt: instant(),
    name: text(),
    metadata: jsonb().$type<{ key: string; value: string }[]>().notNull().default([]),
    invoiceId: uuid(),
    creditNoteId: uuid(),
    voidedInvoiceId: uuid(),
    invoiceRequiresSuccessfulPayment: boolean().notNull().default(false),
    purchaseOrderNumber: text(),
    ruleId: uuid(),
    settledAt: instant(),
    failedAt: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('wallet_transactions_wallet').on(t.organizationId, t.walletId, t.createdAt),
    index('wallet_transactions_lots')
      .on(t.organizationId, t.customerId, t.expiresAt)
      .where(sql`transaction_type = 'inbound' and status = 'settled' and remaining_amount_minor > 0`),
    index('wallet_transactions_invoice').on(t.organizationId, t.invoiceId),
    tenantReference(t.organizationId, t.walletId, () => wallets),
  ],
);

/** Which lot paid which use. */
export const walletConsumptions = pgTable(
  'wallet_consumptions',
  {
    organizationId: organizationId(),
    id: id(),
    inboundId: uuid().notNull(),
    outboundId: uuid().notNull(),
    amountMinor: minor().notNull(),
    creditAmount: exact().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('wallet_consumptions_pair').on(t.organizationId, t.inboundId, t.outboundId),
    index('wallet_consumptions_outbound').on(t.organizationId, t.outboundId),
    tenantReference(t.organizationId, t.inboundId, () => walletTransactions),
    tenantReference(t.organizationId, t.outboundId, () => walletTransactions),
  ],
);

export const topUpRules = pgTable(
  'top_up_rules',
  {
    organizationId: organizationId(),
    id: id(),
    walletId: uuid().notNull(),
    status: text({ enum: ['active', 'terminated'] })
      .notNull()
      .default('active'),
    trigger: text({ enum: ['interval', 'threshold'] }).notNull(),
    method: text({ enum: ['fixed', 'target'] })
      .notNull()
      .default('fixed'),
    interval: text(),
    thresholdCredits: exact(),
    paidCredits: exact().notNull().default('0'),
    grantedCredits: exact().notNull().default('0'),
    targetOngoingBalance: exact(),
    grantsTargetTopUp: boolean(),
    startedAt: instant(),
    expirationAt: instant(),
    invoiceRequiresSuccessfulPayment: boolean().notNull().default(false),
    ignorePaidTopUpLimits: boolean().notNull().default(false),
    transactionName: text(),
    transactionMetadata: jsonb().$type<{ key: string; value: string }[]>().notNull().default([]),
    purchaseOrderNumber: text(),
    createdAt: instant().notNull(),
    terminatedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('top_up_rules_one_active').on(t.organizationId, t.walletId).where(sql`status = 'active'`),
    tenantReference(t.organizationId, t.walletId, () => wallets),
  ],
);
