import type { Door } from '../environment.ts';
import { activityLogs } from './activity-logs.ts';
import { addOns } from './add-ons.ts';
import { alerts } from './alerts.ts';
import { analytics } from './analytics.ts';
import { apiLogs } from './api-logs.ts';
import { billableMetrics } from './billable-metrics.ts';
import { billingEntities } from './billing-entities.ts';
import { chargeFilters, charges } from './charges.ts';
import { appliedCoupons, coupons } from './coupons.ts';
import { creditNotes } from './credit-notes.ts';
import { customers } from './customers.ts';
import { dunning } from './dunning.ts';
import { enrichedEvents } from './enriched-events.ts';
import { planEntitlements, subscriptionEntitlements } from './entitlements.ts';
import { estimates } from './estimates.ts';
import { events } from './events.ts';
import { features } from './features.ts';
import { feesRead } from './fees.ts';
import { feesWrite } from './fees-write.ts';
import { fixedCharges } from './fixed-charges.ts';
import { ingestRoutes } from './ingest.ts';
import { invoiceDrafts } from './invoice-drafts.ts';
import { invoicePreview } from './invoice-preview.ts';
import { invoicesRead } from './invoices.ts';
import { invoicesActions } from './invoices-actions.ts';
import { lifetimeUsage } from './lifetime-usage.ts';
import { metadata } from './metadata.ts';
import { organizations } from './organizations.ts';
import { paymentRequests } from './payment-requests.ts';
import { paymentReceipts, payments } from './payments.ts';
import { plans } from './plans.ts';
import { pricingUnits } from './pricing-units.ts';
import { providerLinks } from './provider-links.ts';
import { sandboxes } from './sandboxes.ts';
import {
  subscriptionCharges,
  subscriptionFilters,
  subscriptionFixedCharges,
} from './subscription-charges.ts';
import { subscriptionPauses } from './subscription-pauses.ts';
import { subscriptions } from './subscriptions.ts';
import { taxes } from './taxes.ts';
import { usage } from './usage.ts';
import { walletTransactions } from './wallet-transactions.ts';
import { wallets } from './wallets.ts';
import { webhooks } from './webhooks.ts';

/** Every resource of the API; a new one is one file and one row here. */
export const resources: readonly ((door: Door) => void)[] = [
  activityLogs,
  addOns,
  alerts,
  analytics,
  apiLogs,
  appliedCoupons,
  billableMetrics,
  billingEntities,
  chargeFilters,
  charges,
  coupons,
  creditNotes,
  customers,
  dunning,
  estimates,
  enrichedEvents,
  events,
  features,
  feesRead,
  feesWrite,
  fixedCharges,
  ingestRoutes,
  invoiceDrafts,
  invoicePreview,
  invoicesRead,
  invoicesActions,
  lifetimeUsage,
  metadata,
  organizations,
  paymentReceipts,
  paymentRequests,
  payments,
  planEntitlements,
  plans,
  pricingUnits,
  providerLinks,
  sandboxes,
  subscriptionCharges,
  subscriptionEntitlements,
  subscriptionFilters,
  subscriptionFixedCharges,
  subscriptionPauses,
  subscriptions,
  taxes,
  usage,
  walletTransactions,
  wallets,
  webhooks,
];
