import { and, eq } from 'drizzle-orm';
import { subscriptions, usageThresholds, wallets, walletTransactions } from '@/db/schema';
import { loadCustomerObjects } from '@/lib/queries/api/customers';
import { loadSubscriptionEntitlements } from '@/lib/queries/api/features';
import { loadSubscriptionObjects } from '@/lib/queries/api/subscriptions';
import { loadTransactionObjects, loadWalletObjects } from '@/lib/queries/api/wallets';
import { customerWire } from '../serializers/customer.ts';
import { thresholdWire } from '../serializers/plan.ts';
import { subscriptionDetailWire } from '../serializers/subscription.ts';
import { walletTransactionWire, walletWire } from '../serializers/wallet.ts';
import type { Loader, Source } from './source.ts';

/** A customer as messages about anything of theirs carry it. */
export async function customerOf({ tx, organizationId }: Source, customerId: string) {
  const object = (await loadCustomerObjects(tx, organizationId, [customerId])).get(customerId);
  return object ? customerWire(object, { integrations: true }) : null;
}

export const customerObject: Loader = (source) => customerOf(source, source.objectId);

const WITH_ENTITLEMENTS = new Set(['subscription.started', 'subscription.updated']);

/** A subscription with its plan and customer; the crossed threshold when that is what happened. */
export const subscriptionObject: Loader = async (source) => {
  const { tx, organizationId, objectId, now, type } = source;
  const rows = await tx
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, objectId)));
  const [object] = await loadSubscriptionObjects(tx, organizationId, rows, now);
  if (!object) return null;
  const entitlements = WITH_ENTITLEMENTS.has(type)
    ? await loadSubscriptionEntitlements(tx, organizationId, object.subscription)
    : undefined;
  const crossed = type === 'subscription.usage_threshold_reached';
  return {
    ...subscriptionDetailWire(object, { entitlements, thresholds: crossed }),
    customer: await customerOf(source, object.subscription.customerId),
    ...(crossed ? { usage_threshold: await thresholdOf(source) } : {}),
  };
};

async function thresholdOf({ tx, organizationId, payload }: Source) {
  const [row] = await tx
    .select()
    .from(usageThresholds)
    .where(
      and(
        eq(usageThresholds.organizationId, organizationId),
        eq(usageThresholds.id, String(payload.usageThresholdId)),
      ),
    );
  return row ? thresholdWire(row) : null;
}

async function walletOf({ tx, organizationId }: Source, walletId: string) {
  const rows = await tx
    .select()
    .from(wallets)
    .where(and(eq(wallets.organizationId, organizationId), eq(wallets.id, walletId)));
  const [object] = await loadWalletObjects(tx, organizationId, rows);
  return object ? walletWire(object) : null;
}

export const walletObject: Loader = (source) => walletOf(source, source.objectId);

async function transactionOf({ tx, organizationId, objectId }: Source) {
  const rows = await tx
    .select()
    .from(walletTransactions)
    .where(and(eq(walletTransactions.organizationId, organizationId), eq(walletTransactions.id, objectId)));
  const [object] = await loadTransactionObjects(tx, organizationId, rows);
  return object ?? null;
}

/** A movement of credits with its wallet. */
export const walletTransactionObject: Loader = async (source) => {
  const object = await transactionOf(source);
  if (!object) return null;
  return {
    ...walletTransactionWire(object),
    wallet: await walletOf(source, object.transaction.walletId),
  };
};

/** Why a purchase of credits was not paid. */
export const walletPaymentErrorObject: Loader = async (source) => {
  const object = await transactionOf(source);
  if (!object) return null;
  const customer = await customerOf(source, object.transaction.customerId);
  return {
    lago_wallet_transaction_id: object.transaction.id,
    lago_customer_id: object.transaction.customerId,
    external_customer_id: customer?.external_id ?? null,
    provider_customer_id: customer?.billing_configuration.provider_customer_id ?? null,
    payment_provider: customer?.billing_configuration.payment_provider ?? null,
    payment_provider_code: customer?.billing_configuration.payment_provider_code ?? null,
    provider_error: source.payload.error ?? null,
  };
};
