import assert from 'node:assert/strict';
import { computeInvoice } from '@/lib/billing/invoice/compute';
import type { ChargeFacts, InvoiceFacts, PlanFacts } from '@/lib/billing/invoice/facts';
import { ENGINE_VERSION } from '@/lib/billing/invoice/facts';
import { boundariesFor } from '@/lib/billing/periods/boundaries';
import { figureOf, type Measure } from '../measure.ts';

const INVOICES = 1_000;
const PROMISED_SECONDS = 0.25;
const REPEATS = 7;
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Australia/Lord_Howe'];
const PLAN_MINOR = 2_000n;
const BILLED_AT = Date.parse('2026-06-01T12:00:00Z');

/** Windows, prices, taxes and totals of 1,000 monthly invoices with five usage charges each, in memory on one core. */
export const pricing: Measure = {
  name: 'pricing',
  async run() {
    for (let warm = 0; warm < 3; warm++) priceAll();
    const seconds: number[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) seconds.push(coreSeconds(priceAll));
    const name = `core time of pricing ${INVOICES} invoices of 5 charges`;
    return [figureOf(name, 's', 'at most', seconds, [PROMISED_SECONDS])];
  },
};

/** What the work takes of a core, garbage collection included, whatever else the machine is doing. */
function coreSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}

function priceAll(): void {
  let total = 0n;
  for (let n = 0; n < INVOICES; n++) total += computeInvoice(factsOf(n)).totalAmountMinor;
  assert.equal(total, EXPECTED_TOTAL);
}

/** The same invoices worked out by hand, in cents, each with 19 % tax. */
const EXPECTED_TOTAL = Array.from({ length: INVOICES }, (_, n) => {
  const calls = (BigInt(n) * 125n + 50n) / 100n;
  const storage = n > 50 ? BigInt(Math.ceil((n - 50) / 100)) * 500n : 0n;
  const tokens = n > 100 ? 5_100n + BigInt(n - 100) * 25n : BigInt(n) * 50n;
  const seats = BigInt(n % 20) * (n % 20 > 10 ? 200n : 300n);
  const volume = BigInt(n) * 15n;
  const net = PLAN_MINOR + calls + storage + tokens + seats + volume;
  return net + (net * 19n + 50n) / 100n;
}).reduce((sum, gross) => sum + gross, 0n);

const metricOf = (code: string): ChargeFacts['metric'] => ({
  id: `metric-${code}`,
  code,
  name: code,
  description: null,
  aggregationType: 'sum_agg',
  fieldName: 'v',
  recurring: false,
  rounding: null,
  unitName: null,
  filters: {},
});

const chargeOf = (
  code: string,
  model: ChargeFacts['model'],
  properties: ChargeFacts['properties'],
): ChargeFacts => ({
  id: `charge-${code}`,
  code,
  displayName: null,
  metric: metricOf(code),
  model,
  payInAdvance: false,
  prorated: false,
  invoiceable: true,
  regroupPaidFees: null,
  minAmountMinor: 0n,
  acceptsTargetWallet: false,
  properties,
  filters: [],
  taxes: [],
});

const PLAN: PlanFacts = {
  id: 'plan',
  versionId: 'version',
  code: 'plan',
  name: 'Plan',
  displayName: null,
  interval: 'monthly',
  amountMinor: PLAN_MINOR,
  currency: 'EUR',
  payInAdvance: false,
  billChargesMonthly: false,
  billFixedChargesMonthly: false,
  charges: [
    chargeOf('calls', 'standard', { amount: '0.0125' }),
    chargeOf('storage', 'package', { amount: '5', free_units: '50', package_size: '100' }),
    chargeOf('tokens', 'graduated', {
      graduated_ranges: [
        { from_value: '0', to_value: '100', per_unit_amount: '0.5', flat_amount: '0' },
        { from_value: '101', to_value: null, per_unit_amount: '0.25', flat_amount: '1' },
      ],
    }),
    chargeOf('seats', 'volume', {
      volume_ranges: [
        { from_value: '0', to_value: '10', per_unit_amount: '3', flat_amount: '0' },
        { from_value: '11', to_value: null, per_unit_amount: '2', flat_amount: '0' },
      ],
    }),
    chargeOf('volume', 'percentage', { rate: '1.5' }),
  ],
  fixedCharges: [],
  commitment: null,
  taxes: [],
};

function factsOf(n: number): InvoiceFacts {
  const timezone = ZONES[n % ZONES.length] ?? 'UTC';
  const startedAt = Date.parse('2026-01-01T00:00:00Z') + n * 3_600_000;
  const windows = boundariesFor({
    plan: PLAN,
    billingTime: n % 2 === 0 ? 'calendar' : 'anniversary',
    anchor: startedAt,
    timezone,
    billingAt: BILLED_AT,
    startedAt,
    previous: null,
    situation: 'periodic',
  });
  const usage = (units: number) => ({ kind: 'sum', units: String(units), eventsCount: units }) as const;
  return {
    engineVersion: ENGINE_VERSION,
    type: 'subscription',
    stage: 'final',
    currency: 'EUR',
    timezone,
    locale: 'en',
    billedAt: BILLED_AT,
    customer: { id: `customer-${n}`, name: `Customer ${n}`, taxes: [] },
    entityTaxes: [{ id: 'vat', code: 'vat', name: 'VAT', description: null, rate: '19' }],
    subscriptions: [
      {
        subscriptionId: `subscription-${n}`,
        externalId: `subscription-${n}`,
        name: null,
        plan: PLAN,
        billingTime: n % 2 === 0 ? 'calendar' : 'anniversary',
        anchor: startedAt,
        startedAt,
        createdAt: startedAt,
        trialEndsAt: null,
        terminatedAt: null,
        terminationKind: null,
        predecessor: null,
        successorMetricIds: [],
        reason: 'subscription_periodic',
        billedAt: BILLED_AT,
        windows,
        history: {
          subscriptionFeeBilled: true,
          invoiceCount: 3,
          subscriptionFeeBilledToday: false,
          commitmentSpentMinor: 0n,
          commitmentWindow: null,
        },
        billUsage: true,
        billSubscriptionFee: true,
        usage: {
          'charge-calls': usage(n),
          'charge-storage': usage(n),
          'charge-tokens': usage(n),
          'charge-seats': usage(n % 20),
          'charge-volume': usage(n * 10),
        },
      },
    ],
    items: [],
    given: undefined,
    progressiveCredits: [],
    coupons: [],
    creditNotes: [],
    wallets: [],
  };
}
