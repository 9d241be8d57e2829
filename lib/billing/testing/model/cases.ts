import fc from 'fast-check';
import type {
  AppliedCouponFacts,
  ChargeFacts,
  ChargeModelName,
  FixedChargeFacts,
  InvoiceFacts,
  MetricFacts,
  SubscriptionBillFacts,
  TaxFacts,
  WalletFacts,
} from '../../invoice/facts.ts';
import {
  bill,
  charge,
  coupon,
  fixedCharge,
  invoice,
  metric,
  note,
  plan,
  wallet,
} from '../../invoice/testing/facts-builder.ts';
import { Exact } from '../../money/exact.ts';
import type { UsageEvent } from '../../usage-facts.ts';
import { type Calendar, dateAt, dawn, nextDate, periodOn } from './calendar.ts';

/** Small random invoices: every charge model and aggregation, discounts, taxes, notes and credits. */

const HOUR = 3_600_000;
export const ZONES = [
  'UTC',
  'America/New_York',
  'Asia/Kolkata',
  'Africa/Cairo',
  'Australia/Lord_Howe',
  'America/Havana',
];

const tenths = (max: number) =>
  fc.integer({ min: 0, max: max * 10 }).map((n) => `${Math.floor(n / 10)}.${n % 10}`);
const price = fc
  .integer({ min: 0, max: 4000 })
  .map((n) => `${Math.floor(n / 1000)}.${String(n % 1000).padStart(3, '0')}`);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const ranges = (rate: string) =>
  fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 1, max: 25 }), { maxLength: 2 }),
      fc.array(fc.tuple(price, price), { minLength: 3, maxLength: 3 }),
    )
    .map(([ends, terms]) => {
      const to = [...ends.sort((a, b) => a - b), null];
      return to.map((end, i) => ({
        from_value: i === 0 ? 0 : (to[i - 1] as number) + 1,
        to_value: end,
        [rate]: terms[i]![0],
        flat_amount: terms[i]![1],
      }));
    });

const properties: Record<ChargeModelName, fc.Arbitrary<Record<string, unknown>>> = {
  standard: fc.record({ amount: price }),
  graduated: ranges('per_unit_amount').map((graduated_ranges) => ({ graduated_ranges })),
  graduated_percentage: ranges('rate').map((graduated_percentage_ranges) => ({
    graduated_percentage_ranges,
  })),
  volume: ranges('per_unit_amount').map((volume_ranges) => ({ volume_ranges })),
  package: fc.record({
    amount: price,
    package_size: fc.integer({ min: 1, max: 7 }),
    free_units: fc.integer({ min: 0, max: 9 }),
  }),
  percentage: fc.record(
    {
      rate: price,
      fixed_amount: price,
      free_units_per_events: fc.integer({ min: 0, max: 4 }),
      free_units_per_total_aggregation: tenths(9),
      per_transaction_min_amount: fc.constantFrom('0.05', '0.5'),
      per_transaction_max_amount: fc.constantFrom('0.5', '2', '3.25'),
    },
    { requiredKeys: ['rate'] },
  ),
  dynamic: fc.constant({}),
};

const AGGREGATIONS = [
  'count_agg',
  'sum_agg',
  'max_agg',
  'latest_agg',
  'unique_count_agg',
  'weighted_sum_agg',
] as const;
const RECURRING = ['sum_agg', 'unique_count_agg', 'weighted_sum_agg'];

const metricOf = (id: string): fc.Arbitrary<MetricFacts> =>
  fc
    .record({
      aggregationType: fc.constantFrom(...AGGREGATIONS),
      recurring: fc.boolean(),
      rounding: fc.option(
        fc.record({
          fn: fc.constantFrom('round' as const, 'ceil' as const, 'floor' as const),
          precision: fc.integer({ min: 0, max: 1 }),
        }),
      ),
    })
    .map(({ recurring, ...rest }) =>
      metric({
        ...rest,
        id,
        code: id,
        fieldName:
          rest.aggregationType === 'count_agg'
            ? null
            : rest.aggregationType === 'unique_count_agg'
              ? 'seat'
              : 'v',
        recurring: recurring && RECURRING.includes(rest.aggregationType),
        filters: { region: ['eu', 'us'], tier: ['a', 'b'] },
      }),
    );

function modelsFor({ aggregationType }: MetricFacts): ChargeModelName[] {
  const all: ChargeModelName[] = ['standard', 'graduated', 'graduated_percentage', 'package', 'volume'];
  if (aggregationType === 'sum_agg') return [...all, 'percentage', 'dynamic'];
  return aggregationType === 'count_agg' || aggregationType === 'unique_count_agg'
    ? [...all, 'percentage']
    : all;
}

const TAXES: TaxFacts[] = ['20', '5.5', '0'].map((rate) => ({
  id: `tax-${rate}`,
  code: rate,
  name: rate,
  description: null,
  rate,
}));
const taxes = fc.subarray(TAXES, { maxLength: 2 });

const filterValues = fc.constantFrom<Record<string, string[]>>(
  { region: ['eu'] },
  { region: ['eu', 'us'] },
  { region: ['__ALL_FILTER_VALUES__'], tier: ['a'] },
  { tier: ['b'] },
);

const chargeOf = (id: string): fc.Arbitrary<ChargeFacts> =>
  metricOf(`metric-${id}`).chain((of) =>
    fc.constantFrom(...modelsFor(of)).chain((model) =>
      fc
        .record({
          own: properties[model],
          filter: fc.option(fc.tuple(filterValues, properties[model])),
          grouped: fc.boolean(),
          minimum: fc.constantFrom(0n, 0n, 700n, 4321n),
          prorated: fc.boolean(),
          ahead: fc.boolean(),
          taxes,
        })
        .map(({ own, filter, grouped, minimum, prorated, ahead, taxes: onIt }) => {
          const mayAhead =
            ['sum_agg', 'unique_count_agg', 'count_agg'].includes(of.aggregationType) && model !== 'volume';
          const payInAdvance = ahead && mayAhead;
          const mayProrate =
            of.recurring &&
            of.aggregationType !== 'weighted_sum_agg' &&
            !payInAdvance &&
            (model === 'standard' || model === 'volume');
          return charge({
            id,
            code: id,
            metric: of,
            model,
            payInAdvance,
            prorated: prorated && mayProrate,
            minAmountMinor: payInAdvance ? 0n : minimum,
            properties: grouped ? { ...own, pricing_group_keys: ['tier'] } : own,
            filters: filter
              ? [{ id: `${id}-filter`, displayName: null, values: filter[0], properties: filter[1] }]
              : [],
            taxes: onIt,
          });
        }),
    ),
  );

/** Events on the hour; `before` the window for metrics that carry over. */
const eventsOf = (
  { metric: of, model }: ChargeFacts,
  from: number,
  to: number,
): fc.Arbitrary<UsageEvent[]> => {
  const hours = Math.floor((to - from) / HOUR);
  return fc
    .array(
      fc.record({
        hour: fc.integer({ min: -400, max: Math.max(0, hours) }),
        value: tenths(9),
        less: fc.integer({ min: 0, max: 5 }),
        seat: maybe(fc.constantFrom('ann', 'bo', 'cy')),
        remove: fc.boolean(),
        region: maybe(fc.constantFrom('eu', 'us', 'mars', '')),
        tier: maybe(fc.constantFrom('a', 'b')),
        carried: maybe(fc.integer({ min: 0, max: 99_999 })),
      }),
      { maxLength: 7 },
    )
    .map((all) =>
      all.map(
        ({ hour, value, less, seat, remove, region, tier, carried }, i): UsageEvent => ({
          transactionId: `${of.id}-${i}`,
          sequence: BigInt(i),
          timestamp: from + hour * HOUR,
          properties: {
            v:
              less === 0 && of.aggregationType !== 'max_agg' && model !== 'percentage'
                ? `-${value}`
                : less === 1
                  ? '1e3'
                  : value,
            ...(seat ? { seat } : {}),
            ...(remove ? { operation_type: 'remove' } : {}),
            ...(region === undefined ? {} : { region }),
            ...(tier ? { tier } : {}),
          },
          ...(carried === undefined ? {} : { preciseTotalAmountMinor: Exact.of(`${carried}`).pow10(-2) }),
        }),
      ),
    );
};

const fixedOf = (id: string, from: number, zone: string): fc.Arbitrary<FixedChargeFacts> =>
  fc.constantFrom('standard' as const, 'graduated' as const, 'volume' as const).chain((model) =>
    fc
      .record({
        own: properties[model],
        days: fc.uniqueArray(fc.integer({ min: -9, max: 40 }), { maxLength: 3 }),
        counts: fc.array(tenths(30), { minLength: 3, maxLength: 3 }),
        prorated: fc.boolean(),
        payInAdvance: fc.boolean(),
        taxes,
      })
      .map(({ own, days, counts, prorated, payInAdvance, taxes: onIt }) => {
        const ahead = payInAdvance && (model === 'standard' || (model === 'graduated' && !prorated));
        const dates = days.sort((a, b) => a - b);
        return fixedCharge({
          id,
          code: id,
          model,
          properties: own,
          prorated,
          payInAdvance: ahead,
          taxes: onIt,
          segments: dates.map((day, i) => {
            const effectiveAt = dawn(dateAt(from, zone) + day * 24 * HOUR, zone);
            return { units: counts[i]!, effectiveAt, createdAt: effectiveAt };
          }),
        });
      }),
  );

/** A subscription and one bill of it, with the windows of semantics 2.4 walked on the model's calendar. */
export interface Situation {
  zone: string;
  calendar: Calendar;
  payInAdvance: boolean;
  situation: 'periodic' | 'terminating' | 'upgrading';
  anchor: number;
  startedAt: number;
  billedAt: number;
  terminatedAt: number | null;
  windows: { from: number; to: number; chargesFrom: number; chargesTo: number };
  /** Whole periods between the start and the bill. */
  index: number;
}

const lastOf = (date: number, zone: string): number => dawn(nextDate(date), zone) - 1;

function situate(input: {
  zone: string;
  interval: Calendar['interval'];
  billingTime: Calendar['billingTime'];
  payInAdvance: boolean;
  situation: Situation['situation'];
  day: number;
  hour: number;
  startedLater: number;
  periods: number;
  into: number;
}): Situation {
  const { zone, payInAdvance, situation } = input;
  const anchor = dawn(Date.UTC(2023, 0, 1) + input.day * 24 * HOUR, zone) + input.hour * HOUR;
  const calendar = { interval: input.interval, billingTime: input.billingTime, anchor: dateAt(anchor, zone) };
  const startedAt = anchor + input.startedLater * HOUR;
  let period = periodOn(dateAt(startedAt, zone), calendar);
  for (let i = 0; i < input.periods; i++) period = periodOn(nextDate(period.last), calendar);
  const clamp = (first: number): number => Math.max(dawn(first, zone), dawn(dateAt(startedAt, zone), zone));
  const common = { zone, calendar, payInAdvance, situation, anchor, startedAt };
  if (situation === 'periodic') {
    const billedAt = dawn(nextDate(period.last), zone);
    const closed = { from: clamp(period.first), to: lastOf(period.last, zone) };
    const opening = periodOn(nextDate(period.last), calendar);
    const own = payInAdvance ? { from: billedAt, to: lastOf(opening.last, zone) } : closed;
    const chargesFrom = Math.max(dawn(period.first, zone), startedAt);
    return {
      ...common,
      billedAt,
      terminatedAt: null,
      windows: { ...own, chargesFrom, chargesTo: closed.to },
      index: input.periods,
    };
  }
  const begin = Math.max(dawn(period.first, zone), startedAt);
  const hours = Math.floor((lastOf(period.last, zone) - begin) / HOUR);
  const terminatedAt = begin + Math.floor((hours * input.into) / 100) * HOUR;
  const windows = {
    from: clamp(period.first),
    to: terminatedAt,
    chargesFrom: begin,
    chargesTo: terminatedAt,
  };
  return { ...common, billedAt: terminatedAt, terminatedAt, windows, index: input.periods };
}

export const situation = (zones: readonly string[] = ZONES): fc.Arbitrary<Situation> =>
  fc
    .record({
      zone: fc.constantFrom(...zones),
      interval: fc.constantFrom(
        'weekly' as const,
        'monthly' as const,
        'monthly' as const,
        'quarterly' as const,
        'semiannual' as const,
        'yearly' as const,
      ),
      billingTime: fc.constantFrom('calendar' as const, 'anniversary' as const),
      payInAdvance: fc.boolean(),
      situation: fc.constantFrom(
        'periodic' as const,
        'periodic' as const,
        'terminating' as const,
        'upgrading' as const,
      ),
      day: fc.integer({ min: 0, max: 500 }),
      hour: fc.integer({ min: 0, max: 22 }),
      startedLater: fc.constantFrom(0, 0, 5, 200),
      periods: fc.integer({ min: 0, max: 2 }),
      into: fc.integer({ min: 1, max: 99 }),
    })
    .map(situate);

function billIn(where: Situation, id: string): fc.Arbitrary<SubscriptionBillFacts> {
  const { zone, windows, payInAdvance, terminatedAt, calendar } = where;
  const ended =
    terminatedAt === null
      ? null
      : where.situation === 'upgrading'
        ? ('upgraded' as const)
        : ('terminated' as const);
  return fc
    .record({
      charges: fc
        .uniqueArray(fc.constantFrom('c1', 'c2'), { maxLength: 2 })
        .chain((ids) => fc.tuple(...ids.map((one) => chargeOf(`${id}-${one}`)))),
      fixed: fc.option(fixedOf(`${id}-fixed`, windows.chargesFrom, zone)),
      amountMinor: fc.constantFrom(0n, 65n, 1003n, 10_000n, 99_999n),
      commitment: fc.option(
        fc.record({ amountMinor: fc.constantFrom(5000n, 123_457n), spent: fc.constantFrom(0n, 777n), taxes }),
      ),
      trialDays: fc.option(fc.integer({ min: 1, max: 45 })),
      successor: fc.boolean(),
      planTaxes: taxes,
    })
    .chain((parts) =>
      fc
        .tuple(...parts.charges.map((one) => eventsOf(one, windows.chargesFrom, windows.chargesTo)))
        .map((events) => {
          const { charges, fixed, commitment, trialDays } = parts;
          const closedFrom = dawn(dateAt(windows.chargesFrom, zone), zone);
          const reconciles = payInAdvance
            ? { from: closedFrom, to: windows.chargesTo }
            : { from: windows.from, to: windows.to };
          let trialDate = dateAt(where.startedAt, zone);
          for (let day = 0; day < (trialDays ?? 0); day++) trialDate = nextDate(trialDate);
          return bill({
            subscriptionId: id,
            externalId: id,
            billingTime: calendar.billingTime,
            anchor: where.anchor,
            startedAt: where.startedAt,
            createdAt: where.startedAt,
            trialEndsAt: trialDays === null ? null : dawn(trialDate, zone),
            terminatedAt,
            terminationKind: ended,
            successorMetricIds: parts.successor && charges[0] ? [charges[0].metric.id] : [],
            reason: ended ? 'subscription_terminating' : 'subscription_periodic',
            billedAt: where.billedAt,
            billSubscriptionFee: !(payInAdvance && ended),
            windows: { ...windows, fixedChargesFrom: windows.chargesFrom, fixedChargesTo: windows.chargesTo },
            history: {
              subscriptionFeeBilled: where.index > 0,
              invoiceCount: where.index,
              commitmentSpentMinor: commitment?.spent ?? 0n,
              commitmentWindow: commitment ? reconciles : null,
            },
            plan: plan({
              id: `plan-${id}`,
              interval: calendar.interval,
              amountMinor: parts.amountMinor,
              payInAdvance,
              charges,
              fixedCharges: fixed ? [fixed] : [],
              commitment: commitment
                ? {
                    id: 'commitment',
                    amountMinor: commitment.amountMinor,
                    displayName: null,
                    taxes: commitment.taxes,
                  }
                : null,
              taxes: parts.planTaxes,
            }),
            usage: Object.fromEntries(
              charges.map((one, i) => {
                const all = events[i] ?? [];
                const inside = (event: UsageEvent): boolean =>
                  event.timestamp >= windows.chargesFrom && event.timestamp <= windows.chargesTo;
                const earlier = all.filter(({ timestamp }) => timestamp < windows.chargesFrom);
                return [
                  one.id,
                  {
                    kind: 'events' as const,
                    events: all.filter(inside),
                    history: one.metric.recurring ? earlier : [],
                  },
                ];
              }),
            ),
          });
        }),
    );
}

const couponOf = (id: number, metricIds: string[], planIds: string[]): fc.Arbitrary<AppliedCouponFacts> =>
  fc
    .record({
      percent: fc.boolean(),
      amountMinor: fc.constantFrom(1n, 500n, 12_345n),
      percentageRate: fc.constantFrom('10', '33.333', '100'),
      currency: fc.constantFrom('EUR', 'EUR', 'KWD'),
      frequency: fc.constantFrom('once' as const, 'recurring' as const, 'forever' as const),
      left: fc.integer({ min: 0, max: 2 }),
      usedMinor: fc.constantFrom(0n, 400n),
      limit: fc.constantFrom('none', 'metrics', 'plans'),
    })
    .map(({ percent, left, limit, amountMinor, percentageRate, ...rest }) =>
      coupon({
        ...rest,
        id: `coupon-${id}`,
        createdAt: id,
        type: percent ? 'percentage' : 'fixed_amount',
        amountMinor: percent ? null : amountMinor,
        percentageRate: percent ? percentageRate : null,
        frequencyDurationRemaining: rest.frequency === 'recurring' ? left : null,
        metricIds: limit === 'metrics' ? metricIds.slice(0, 1) : [],
        planIds: limit === 'plans' ? planIds.slice(0, 1) : [],
      }),
    );

const walletOf = (id: number, metricIds: string[]): fc.Arbitrary<WalletFacts> =>
  fc
    .record({
      balanceMinor: fc.constantFrom(0n, 99n, 2500n, 500_000n),
      priority: fc.integer({ min: 1, max: 3 }),
      currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'JPY'),
      kinds: fc.subarray(['charge', 'subscription', 'commitment', 'fixed_charge'], { maxLength: 2 }),
      limit: fc.constantFrom('none', 'kinds', 'metrics'),
    })
    .map(({ kinds, limit, ...rest }) =>
      wallet({
        ...rest,
        id: `wallet-${id}`,
        createdAt: id,
        allowedFeeTypes: limit === 'kinds' ? kinds : [],
        allowedMetricIds: limit === 'metrics' ? metricIds.slice(0, 1) : [],
      }),
    );

/** One or two subscriptions of one customer on an invoice, with everything that stands between lines and total. */
export const invoices: fc.Arbitrary<InvoiceFacts> = fc
  .constantFrom(...ZONES)
  .chain((zone) =>
    fc.tuple(
      fc.constant(zone),
      fc
        .array(situation([zone]), { minLength: 1, maxLength: 2 })
        .chain((all) => fc.tuple(...all.map((one, i) => billIn(one, `s${i}`)))),
    ),
  )
  .chain(([timezone, subscriptions]) => {
    const metricIds = subscriptions.flatMap(({ plan: { charges } }) =>
      charges.map(({ metric: { id } }) => id),
    );
    const planIds = subscriptions.map(({ plan: { id } }) => id);
    return fc
      .record({
        stage: fc.constantFrom('final' as const, 'final' as const, 'draft' as const),
        coupons: fc.tuple(
          fc.option(couponOf(1, metricIds, planIds)),
          fc.option(couponOf(2, metricIds, planIds)),
          fc.option(couponOf(3, metricIds, planIds)),
        ),
        notes: fc.array(fc.constantFrom(1n, 999n, 40_000n), { maxLength: 2 }),
        wallets: fc.tuple(fc.option(walletOf(1, metricIds)), fc.option(walletOf(2, metricIds))),
        customerTaxes: taxes,
        entityTaxes: taxes,
        currency: fc.constantFrom('EUR', 'EUR', 'JPY', 'KWD'),
      })
      .map(({ stage, coupons, notes, wallets, customerTaxes, entityTaxes, currency }) =>
        invoice({
          stage,
          currency,
          timezone,
          entityTaxes,
          customer: { id: 'customer', name: 'Customer', taxes: customerTaxes },
          subscriptions: subscriptions.map((one) => ({ ...one, plan: { ...one.plan, currency } })),
          coupons: coupons.filter((one) => one !== null),
          creditNotes: notes.map((balance, i) => note(`note-${i}`, balance, i, currency)),
          wallets: wallets.filter((one) => one !== null),
        }),
      );
  });
