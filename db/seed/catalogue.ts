import { createMetric } from '@/lib/commands/billable-metrics/create';
import type { MetricInput } from '@/lib/commands/billable-metrics/input';
import { runCommand } from '@/lib/commands/core/execute';
import { createCoupon } from '@/lib/commands/coupons/create';
import type { CouponInput } from '@/lib/commands/coupons/input';
import { createPlan } from '@/lib/commands/plans/create';
import type { ChargeInput, PlanInput } from '@/lib/commands/plans/input';
import { createTax } from '@/lib/commands/taxes/create';
import type { Company } from './company.ts';

export type MeterCode =
  | 'compute_minutes'
  | 'bandwidth'
  | 'gateway_requests'
  | 'input_tokens'
  | 'output_tokens';

const METERS: (MetricInput & { code: MeterCode })[] = [
  meter('compute_minutes', 'Compute', 'minute', 'minutes', 'Minutes that apps and builds ran'),
  meter('bandwidth', 'Bandwidth', 'GB', 'gigabytes', 'Gigabytes sent to visitors'),
  meter('input_tokens', 'Gateway, input', 'token', 'tokens', 'Tokens sent to language models'),
  meter('output_tokens', 'Gateway, output', 'token', 'tokens', 'Tokens answered by language models'),
  {
    code: 'gateway_requests',
    name: 'Gateway requests',
    aggregation_type: 'count_agg',
    unit_name: 'request',
    description: 'Calls to language models through the gateway',
  },
];

function meter(code: MeterCode, name: string, unit: string, field: string, description: string) {
  return {
    code,
    name,
    description,
    aggregation_type: 'sum_agg',
    field_name: field,
    unit_name: unit,
  } as const;
}

interface Steps {
  /** Units that cost nothing. */
  included: number;
  /** Price per unit from there on, and from further edges on. */
  price: string;
  above?: [edge: number, price: string];
}

interface PlanPrices {
  name: string;
  /** Minor units a month; a year costs 20% less. */
  monthly: bigint;
  currency: 'USD' | 'EUR';
  yearly?: boolean;
  prices: Record<MeterCode, Steps | string>;
}

const SOLO = {
  compute_minutes: { included: 300, price: '0.04' },
  bandwidth: { included: 5, price: '0.15' },
  input_tokens: '0.00004',
  output_tokens: '0.00016',
  gateway_requests: '0.002',
} as const;

const CREW = {
  compute_minutes: { included: 3_000, price: '0.02' },
  bandwidth: { included: 50, price: '0.15' },
  input_tokens: { included: 50_000, price: '0.00003' },
  output_tokens: { included: 5_000, price: '0.00012' },
  gateway_requests: { included: 100, price: '0.0015' },
} as const;

const STUDIO = {
  compute_minutes: { included: 20_000, price: '0.018', above: [60_000, '0.014'] },
  bandwidth: { included: 500, price: '0.15', above: [2_000, '0.1'] },
  input_tokens: { included: 200_000, price: '0.00002', above: [1_000_000, '0.000015'] },
  output_tokens: { included: 20_000, price: '0.00008' },
  gateway_requests: { included: 500, price: '0.001' },
} as const satisfies PlanPrices['prices'];

const PLANS = {
  solo: { name: 'Solo', monthly: 2_400n, currency: 'USD', prices: SOLO },
  crew: { name: 'Crew', monthly: 14_000n, currency: 'USD', prices: CREW },
  studio: { name: 'Studio', monthly: 64_000n, currency: 'USD', prices: STUDIO },
  'crew-eur': { name: 'Crew, euro', monthly: 12_800n, currency: 'EUR', prices: CREW },
  'studio-eur': { name: 'Studio, euro', monthly: 59_000n, currency: 'EUR', prices: STUDIO },
  'crew-yearly': { name: 'Crew, yearly', monthly: 14_000n, currency: 'USD', yearly: true, prices: CREW },
} as const satisfies Record<string, PlanPrices>;

export type PlanCode = keyof typeof PLANS;

/** Free days of the plans that can be tried. */
export const TRIAL_DAYS = 30;

/** Whether a plan can be tried before it is paid: those paid by the year cannot. */
export function hasTrial(code: PlanCode): boolean {
  const plan: PlanPrices = PLANS[code];
  return !plan.yearly;
}

/** The currency a plan is paid in. */
export function currencyOf(plan: PlanCode): string {
  return PLANS[plan].currency;
}

const TAXES = [
  { code: 'vat_pt', name: 'IVA', rate: '23', description: 'Portugal' },
  { code: 'vat_de', name: 'USt.', rate: '19', description: 'Germany' },
];

export type CouponCode = 'LANTERNS' | 'HELLO50';

const COUPONS: (CouponInput & { code: CouponCode })[] = [
  {
    code: 'LANTERNS',
    name: 'Lantern week',
    coupon_type: 'percentage',
    percentage_rate: '20',
    frequency: 'recurring',
    frequency_duration: 3,
    expiration: 'no_expiration',
  },
  {
    code: 'HELLO50',
    name: 'First $50.00 on us',
    coupon_type: 'fixed_amount',
    amount_cents: 5_000n,
    amount_currency: 'USD',
    frequency: 'once',
    reusable: false,
    expiration: 'no_expiration',
  },
];

/** "So many included, then a price": free steps first, then each part at its own price. */
function graduated({ included, price, above }: Steps) {
  const step = (from: number, to: number | null, price: string) => ({
    from_value: from,
    to_value: to,
    per_unit_amount: price,
    flat_amount: '0',
  });
  const paid = above
    ? [step(included + 1, above[0], price), step(above[0] + 1, null, above[1])]
    : [step(included + 1, null, price)];
  return { graduated_ranges: [step(0, included, '0'), ...paid] };
}

function chargesOf(prices: PlanPrices['prices'], metricIds: Map<MeterCode, string>): ChargeInput[] {
  return METERS.map(({ code }) => {
    const price = prices[code];
    const metric = { billable_metric_id: metricIds.get(code) ?? null, code };
    return typeof price === 'string'
      ? { ...metric, charge_model: 'standard', properties: { amount: price } }
      : { ...metric, charge_model: 'graduated', properties: graduated(price) };
  });
}

function planInputOf(code: string, plan: PlanPrices, metricIds: Map<MeterCode, string>): PlanInput {
  const { name, monthly, currency, yearly = false, prices } = plan;
  return {
    code,
    name,
    interval: yearly ? 'yearly' : 'monthly',
    amount_cents: yearly ? (monthly * 12n * 80n) / 100n : monthly,
    amount_currency: currency,
    pay_in_advance: true,
    trial_period: yearly ? null : String(TRIAL_DAYS),
    bill_charges_monthly: yearly,
    charges: chargesOf(prices, metricIds),
  };
}

/** Makes the meters (Dario), the taxes (Helene), the plans (Tomas) and the coupons (Ruth). */
export async function makeCatalogue({ databases, organizationId, staff }: Company): Promise<void> {
  const metricIds = new Map<MeterCode, string>();
  for (const input of METERS) {
    const { id } = await runCommand(databases, createMetric, { organizationId, actor: staff.dario, input });
    metricIds.set(input.code, id);
  }
  for (const input of TAXES) {
    await runCommand(databases, createTax, { organizationId, actor: staff.helene, input });
  }
  for (const [code, plan] of Object.entries(PLANS) as [PlanCode, PlanPrices][]) {
    const input = planInputOf(code, plan, metricIds);
    await runCommand(databases, createPlan, { organizationId, actor: staff.tomas, input });
  }
  for (const input of COUPONS) {
    await runCommand(databases, createCoupon, { organizationId, actor: staff.ruth, input });
  }
}
