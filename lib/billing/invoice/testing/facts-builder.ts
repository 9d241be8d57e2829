import type { UsageEvent } from '../../usage-facts.ts';
import type {
  AppliedCouponFacts,
  ChargeFacts,
  FixedChargeFacts,
  InvoiceFacts,
  MetricFacts,
  PlanFacts,
  SubscriptionBillFacts,
  TaxFacts,
  WalletFacts,
} from '../facts.ts';
import { ENGINE_VERSION } from '../facts.ts';

/** Small facts for tests: what a test does not say is plain. */

export const at = (iso: string): number => Date.parse(iso.length === 10 ? `${iso}T00:00:00Z` : iso);
/** The last millisecond of a UTC day. */
export const endOf = (day: string): number => at(day) + 86_399_999;

export const tax = (rate: string, id = `tax-${rate}`): TaxFacts => ({
  id,
  code: id,
  name: id,
  description: null,
  rate,
});

export const metric = (part: Partial<MetricFacts> = {}): MetricFacts => ({
  id: 'metric',
  code: 'metric',
  name: 'Metric',
  description: null,
  aggregationType: 'sum_agg',
  fieldName: 'v',
  recurring: false,
  rounding: null,
  unitName: null,
  ...part,
});

export const charge = (part: Partial<ChargeFacts> = {}): ChargeFacts => ({
  id: 'charge',
  code: 'charge',
  displayName: null,
  metric: metric(),
  model: 'standard',
  payInAdvance: false,
  prorated: false,
  invoiceable: true,
  regroupPaidFees: null,
  minAmountMinor: 0n,
  acceptsTargetWallet: false,
  properties: { amount: '1' },
  filters: [],
  taxes: [],
  ...part,
});

export const fixedCharge = (part: Partial<FixedChargeFacts> = {}): FixedChargeFacts => ({
  id: 'fixed',
  code: 'fixed',
  displayName: null,
  addOn: { id: 'add-on', code: 'add_on', name: 'Add-on', description: null, taxes: [] },
  model: 'standard',
  payInAdvance: false,
  prorated: false,
  properties: { amount: '1' },
  taxes: [],
  segments: [],
  ...part,
});

export const plan = (part: Partial<PlanFacts> = {}): PlanFacts => ({
  id: 'plan',
  versionId: 'version',
  code: 'plan',
  name: 'Plan',
  displayName: null,
  interval: 'monthly',
  amountMinor: 0n,
  currency: 'EUR',
  payInAdvance: false,
  billChargesMonthly: false,
  billFixedChargesMonthly: false,
  charges: [],
  fixedCharges: [],
  commitment: null,
  taxes: [],
  ...part,
});

export type BillPart = Omit<Partial<SubscriptionBillFacts>, 'windows' | 'history'> & {
  windows?: Partial<SubscriptionBillFacts['windows']>;
  history?: Partial<SubscriptionBillFacts['history']>;
};

/** A periodic bill of August 2023 in arrears, unless told otherwise. */
export function bill(part: BillPart = {}): SubscriptionBillFacts {
  const from = part.windows?.from ?? at('2023-08-01');
  const to = part.windows?.to ?? endOf('2023-08-31');
  return {
    subscriptionId: 'subscription',
    externalId: 'subscription',
    name: null,
    plan: plan(),
    billingTime: 'calendar',
    anchor: at('2023-01-01'),
    startedAt: at('2023-01-01'),
    createdAt: at('2023-01-01'),
    trialEndsAt: null,
    terminatedAt: null,
    terminationKind: null,
    predecessor: null,
    successorMetricIds: [],
    reason: 'subscription_periodic',
    billedAt: to + 1,
    billUsage: true,
    billSubscriptionFee: true,
    usage: {},
    ...part,
    windows: {
      from,
      to,
      chargesFrom: from,
      chargesTo: to,
      fixedChargesFrom: from,
      fixedChargesTo: to,
      ...part.windows,
    },
    history: {
      subscriptionFeeBilled: false,
      invoiceCount: 0,
      subscriptionFeeBilledToday: false,
      commitmentSpentMinor: 0n,
      commitmentWindow: null,
      ...part.history,
    },
  };
}

export function invoice(part: Partial<InvoiceFacts> = {}): InvoiceFacts {
  return {
    engineVersion: ENGINE_VERSION,
    type: 'subscription',
    stage: 'final',
    currency: 'EUR',
    timezone: 'UTC',
    locale: 'en',
    billedAt: at('2023-09-01'),
    customer: { id: 'customer', name: 'Customer', taxes: [] },
    entityTaxes: [],
    subscriptions: [],
    items: [],
    progressiveCredits: [],
    coupons: [],
    creditNotes: [],
    wallets: [],
    ...part,
  };
}

/** Usage told by its sum. */
export const sum = (units: string, eventsCount = 1) => ({ kind: 'sum', units, eventsCount }) as const;

export const event = (
  transactionId: string,
  day: string,
  properties: Record<string, unknown>,
): UsageEvent => ({
  transactionId,
  sequence: BigInt(transactionId.replace(/\D/g, '') || '0'),
  timestamp: at(day),
  properties,
});

export const coupon = (part: Partial<AppliedCouponFacts>): AppliedCouponFacts => ({
  id: 'coupon',
  code: 'coupon',
  name: 'Coupon',
  type: 'fixed_amount',
  amountMinor: null,
  currency: 'EUR',
  percentageRate: null,
  frequency: 'once',
  frequencyDurationRemaining: null,
  usedMinor: 0n,
  planIds: [],
  metricIds: [],
  createdAt: 0,
  ...part,
});

export const wallet = (part: Partial<WalletFacts>): WalletFacts => ({
  id: 'wallet',
  code: 'wallet',
  currency: 'EUR',
  priority: 50,
  createdAt: 0,
  balanceMinor: 0n,
  allowedFeeTypes: [],
  allowedMetricIds: [],
  traceable: false,
  lots: [],
  ...part,
});

/** A charge of one major unit each on a metric of its own. */
export const usageOf = (id: string, part: Partial<ChargeFacts> = {}): ChargeFacts =>
  charge({
    id,
    code: id,
    metric: metric({ id: `metric-${id}`, code: id }),
    properties: { amount: '1' },
    ...part,
  });

export const note = (id: string, balanceMinor: bigint, createdAt = 0, currency = 'EUR') => ({
  id,
  invoiceId: 'other',
  currency,
  balanceMinor,
  createdAt,
});
