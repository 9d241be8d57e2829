import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { type AdvanceMeterState, advanceMeters, advanceMeterValues, fees } from '@/db/schema';
import { advanceBucket, feeForNextEvent } from '@/lib/billing/invoice/compute';
import type { ChargeFacts, SubscriptionBillFacts } from '@/lib/billing/invoice/facts';
import {
  type AdvanceState,
  carriedInto,
  changeOfLevel,
  NOTHING_BILLED,
} from '@/lib/billing/metering/advance';
import { countedValue, isRemoval } from '@/lib/billing/metering/unique-count-agg';
import { Exact } from '@/lib/billing/money/exact';
import type { UsageEvent } from '@/lib/billing/usage-facts';
import { loadUsages } from '@/lib/usage/store';
import type { BillingContext } from './context';
import { loadHandovers, ownUsage } from './handover';

/** One charge of one subscription in one charges period. */
export interface MeterScope {
  bill: SubscriptionBillFacts;
  charge: ChargeFacts;
  timezone: string;
}

const SET_UP = '';
const AT_ONCE = 1_000;

const stored = (state: AdvanceState): AdvanceMeterState => ({
  level: state.level.toString(),
  mark: state.mark.toString(),
  billed: state.billed,
  carried: state.carried?.toString() ?? null,
  walked: state.walked.map(String),
});

const restored = (state: AdvanceMeterState): AdvanceState => ({
  level: Exact.of(state.level),
  mark: Exact.of(state.mark),
  billed: state.billed,
  carried: state.carried === null ? null : Exact.of(state.carried),
  walked: state.walked.map((value) => Exact.of(value)),
});

const keyOf = ({ organizationId }: BillingContext, { bill, charge }: MeterScope) => ({
  organizationId,
  subscriptionId: bill.subscriptionId,
  chargeId: charge.id,
  periodFrom: new Date(bill.windows.chargesFrom ?? bill.startedAt),
});

type Key = ReturnType<typeof keyOf>;

const meterIs = (key: Key, buckets: string[]) =>
  and(
    eq(advanceMeters.organizationId, key.organizationId),
    eq(advanceMeters.subscriptionId, key.subscriptionId),
    eq(advanceMeters.chargeId, key.chargeId),
    eq(advanceMeters.periodFrom, key.periodFrom),
    inArray(advanceMeters.bucket, buckets),
  );

/**
 * Where the event's bucket stands, and whether a unique count counts its value already: two look-ups by key, whatever the
 * period holds. The first event of a period sets the totals up from what came before it.
 */
export async function readMeter(
  ctx: BillingContext,
  scope: MeterScope,
  event: UsageEvent,
): Promise<{ bucket: string; state: AdvanceState; present: boolean }> {
  const key = keyOf(ctx, scope);
  const bucket = advanceBucket(scope.charge, event).key;
  const read = () =>
    ctx.tx
      .select()
      .from(advanceMeters)
      .where(meterIs(key, [SET_UP, bucket]));
  let rows = await read();
  if (!rows.some((row) => row.bucket === SET_UP)) {
    await setUp(ctx, scope);
    rows = await read();
  }
  const own = rows.find((row) => row.bucket === bucket);
  const value = distinctValue(scope.charge, event);
  return {
    bucket,
    state: own ? restored(own.state) : NOTHING_BILLED,
    present: value !== null && (await isPresent(ctx.tx, key, bucket, value)),
  };
}

function distinctValue({ metric }: ChargeFacts, event: UsageEvent): string | null {
  return metric.aggregationType === 'unique_count_agg' ? countedValue(event, metric) : null;
}

async function isPresent(tx: Tx, key: Key, bucket: string, value: string): Promise<boolean> {
  const [row] = await tx
    .select({ present: advanceMeterValues.present })
    .from(advanceMeterValues)
    .where(
      and(
        eq(advanceMeterValues.organizationId, key.organizationId),
        eq(advanceMeterValues.subscriptionId, key.subscriptionId),
        eq(advanceMeterValues.chargeId, key.chargeId),
        eq(advanceMeterValues.periodFrom, key.periodFrom),
        eq(advanceMeterValues.bucket, bucket),
        eq(advanceMeterValues.value, value),
      ),
    );
  return row?.present ?? false;
}

/** Moves the bucket on past an event. */
export async function writeMeter(
  ctx: BillingContext,
  scope: MeterScope,
  event: UsageEvent,
  { bucket, state }: { bucket: string; state: AdvanceState },
): Promise<void> {
  const value = distinctValue(scope.charge, event);
  await save(ctx, scope, [[bucket, state]], value === null ? [] : [[bucket, value, !isRemoval(event)]]);
}

async function save(
  ctx: BillingContext,
  scope: MeterScope,
  states: [bucket: string, state: AdvanceState][],
  values: [bucket: string, value: string, present: boolean][],
): Promise<void> {
  const { tx, now } = ctx;
  const key = keyOf(ctx, scope);
  for (let from = 0; from < states.length; from += AT_ONCE) {
    await tx
      .insert(advanceMeters)
      .values(
        states
          .slice(from, from + AT_ONCE)
          .map(([bucket, state]) => ({ ...key, bucket, state: stored(state), updatedAt: new Date(now) })),
      )
      .onConflictDoUpdate({
        target: [
          advanceMeters.organizationId,
          advanceMeters.subscriptionId,
          advanceMeters.chargeId,
          advanceMeters.periodFrom,
          advanceMeters.bucket,
        ],
        set: { state: sql`excluded.state`, updatedAt: sql`excluded.updated_at` },
      });
  }
  for (let from = 0; from < values.length; from += AT_ONCE) {
    await tx
      .insert(advanceMeterValues)
      .values(
        values
          .slice(from, from + AT_ONCE)
          .map(([bucket, value, present]) => ({ ...key, bucket, value, present })),
      )
      .onConflictDoUpdate({
        target: [
          advanceMeterValues.organizationId,
          advanceMeterValues.subscriptionId,
          advanceMeterValues.chargeId,
          advanceMeterValues.periodFrom,
          advanceMeterValues.bucket,
          advanceMeterValues.value,
        ],
        set: { present: sql`excluded.present` },
      });
  }
}

/** Totals from what a recurring metric carries over and from what has been billed of the period so far. */
async function setUp(ctx: BillingContext, scope: MeterScope): Promise<void> {
  const { bill, charge, timezone } = scope;
  const billed = await billedEvents(ctx, scope);
  const states = new Map<string, AdvanceState>([[SET_UP, NOTHING_BILLED]]);
  const present = new Map<string, Map<string, boolean>>();
  if (charge.metric.recurring || billed.size > 0) {
    const usage = await loadPeriod(ctx, scope);
    const pass = (event: UsageEvent, carried: boolean) => {
      const { key } = advanceBucket(charge, event);
      const state = states.get(key) ?? NOTHING_BILLED;
      const value = distinctValue(charge, event);
      const known = present.get(key) ?? new Map<string, boolean>();
      const counted = value !== null && (known.get(value) ?? false);
      const by = changeOfLevel(charge.metric, event, counted);
      if (!by) return;
      const after = carried
        ? carriedInto(state, by)
        : feeForNextEvent({ bill, charge, event, state, present: counted, timezone })?.after;
      states.set(key, after ?? state);
      if (value !== null) present.set(key, known.set(value, !isRemoval(event)));
    };
    for (const event of usage.history) pass(event, true);
    for (const event of usage.events) if (billed.has(event.transactionId)) pass(event, false);
  }
  const values = [...present].flatMap(([bucket, known]) =>
    [...known].map(([value, counted]): [string, string, boolean] => [bucket, value, counted]),
  );
  await save(ctx, scope, [...states], values);
}

async function loadPeriod(ctx: BillingContext, { bill, charge }: MeterScope) {
  const usages = await loadUsages(ctx.tx, { organizationId: ctx.organizationId, watermark: ctx.watermark }, [
    {
      key: charge.id,
      externalSubscriptionId: bill.externalId,
      metric: charge.metric,
      from: bill.windows.chargesFrom ?? bill.startedAt,
      to: bill.windows.chargesTo ?? bill.startedAt,
      needEvents: true,
      includeHistory: charge.metric.recurring,
    },
  ]);
  const usage = usages.get(charge.id);
  const own = usage && ownUsage(usage, bill, charge, (await loadHandovers(ctx, [bill])).get(0));
  return own?.kind === 'events' ? own : { events: [], history: [] };
}

async function billedEvents(
  { tx, organizationId }: BillingContext,
  { bill, charge }: MeterScope,
): Promise<Set<string>> {
  const rows = await tx
    .select({ transactionId: fees.eventTransactionId })
    .from(fees)
    .where(
      and(
        eq(fees.organizationId, organizationId),
        eq(fees.subscriptionId, bill.subscriptionId),
        eq(fees.chargeId, charge.id),
        eq(fees.fromDatetime, new Date(bill.windows.chargesFrom ?? bill.startedAt)),
        isNotNull(fees.eventTransactionId),
        isNull(fees.deletedAt),
      ),
    );
  return new Set(rows.flatMap(({ transactionId }) => transactionId ?? []));
}
