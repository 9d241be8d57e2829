import { afterEach, describe, expect, it } from 'vitest';
import { withTenant } from '@/db/tenancy';
import { Exact } from '@/lib/billing/money/exact';
import { checkBooks } from '@/lib/queries/books';
import { storeEvents } from '@/lib/usage/ingest';
import { createTax } from '../taxes/create';
import { inside } from '../testing/money';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { metric } from '../usage/testing';
import { terminateSubscriptionCommand } from './terminate';

/** Figures of semantics 3.3 to 3.6 and 4.3, played on a hand-moved clock. */
let world: Sandbox;
afterEach(async () => {
  const broken = await withTenant(world.databases, world.organizationId, (tx) =>
    checkBooks(tx, world.organizationId),
  );
  await world.close();
  expect(broken.filter((finding) => finding.rows.length > 0)).toEqual([]);
});

const totals = async (customerId: string) =>
  (await world.invoices(customerId)).map((invoice) => invoice.totalAmountMinor);

describe('a trial on a plan billed at the start', () => {
  it('bills 17 of 31 days once it ends', async () => {
    world = await openSandbox('2024-03-05T12:12:00Z', 'UTC', 'EUR');
    await world.plan('p', { amount_cents: 5_000_000, trial_period: '10' });
    const customerId = await world.customer('c1');
    await world.subscribe(customerId, 'p');
    await world.move('2024-03-15T12:11:00Z');
    expect(await totals(customerId)).toEqual([]);
    await world.move('2024-03-15T12:12:00Z');
    expect(await totals(customerId)).toEqual([2_741_935n]);
    await world.move('2024-04-01T00:10:00Z');
    expect(await totals(customerId)).toEqual([2_741_935n, 5_000_000n]);
  });

  it('is measured from the first start when the plan is upgraded', async () => {
    world = await openSandbox('2024-03-05T12:12:00Z', 'UTC', 'EUR');
    await world.plan('p', { amount_cents: 5_000_000, trial_period: '10' });
    await world.plan('q', { amount_cents: 10_000_000, trial_period: '13' });
    const customerId = await world.customer('c1');
    await world.subscribe(customerId, 'p');
    await world.move('2024-03-10T12:12:00Z');
    await world.subscribe(customerId, 'q');
    await world.move('2024-03-18T13:00:00Z');
    expect((await totals(customerId)).at(-1)).toBe(4_516_129n);
  });
});

describe('a start in the past', () => {
  it('bills nothing for a trial that was over by then, and the next period whole', async () => {
    world = await openSandbox('2024-03-17T03:00:00Z', 'UTC', 'EUR');
    await world.plan('p', { amount_cents: 14_000, trial_period: '30' });
    const customerId = await world.customer('c1');
    await world.subscribe(customerId, 'p', { subscriptionAt: Date.parse('2024-01-01T00:00:00Z') });
    await world.move('2024-03-31T23:00:00Z');
    expect(await totals(customerId)).toEqual([]);
    await world.move('2024-04-01T00:10:00Z');
    expect(await totals(customerId)).toEqual([14_000n]);
  });
});

describe('upgrades', () => {
  it('twice in a day: fees 968 and 1226, credits 806 and 1210', async () => {
    world = await openSandbox('2024-03-05T00:00:00Z', 'UTC', 'EUR');
    await world.run(createTax, { name: 'VAT', code: 'vat', rate: '25', applied_to_organization: true });
    for (const amount of [1_000, 1_500, 1_900]) await world.plan(`p${amount}`, { amount_cents: amount });
    const customerId = await world.customer('c1');
    await world.subscribe(customerId, 'p1000');
    await world.move('2024-03-12T10:00:00Z');
    await world.subscribe(customerId, 'p1500');
    await world.subscribe(customerId, 'p1900');
    const made = await world.invoices(customerId);
    expect(made.map((invoice) => invoice.feesAmountMinor)).toEqual([871n, 968n, 1_226n]);
    expect(made.map((invoice) => invoice.creditNotesAmountMinor)).toEqual([0n, 806n, 1_210n]);
  });
});

describe('a downgrade', () => {
  it('waits for the period’s end and prorates the new year to the anchor', async () => {
    world = await openSandbox('2023-07-19T00:00:00Z', 'UTC', 'EUR');
    await world.plan('monthly', { amount_cents: 12_900 });
    await world.plan('yearly', { amount_cents: 118_800, interval: 'yearly' });
    const customerId = await world.customer('c1');
    await world.subscribe(customerId, 'monthly', { billingTime: 'anniversary' });
    await world.move('2023-11-09T12:00:00Z');
    await world.subscribe(customerId, 'yearly', { billingTime: 'anniversary' });
    expect((await totals(customerId)).at(-1)).toBe(12_900n);
    await world.move('2023-11-19T01:00:00Z');
    expect((await totals(customerId)).at(-1)).toBe(78_875n);
  });
});

describe('the end', () => {
  it('of a plan billed at the end is prorated with both end days', async () => {
    world = await openSandbox('2024-05-20T00:00:00Z', 'UTC', 'EUR');
    await world.plan('q', { amount_cents: 91_000, interval: 'quarterly', pay_in_advance: false });
    const customerId = await world.customer('c1');
    const subscriptionId = await world.subscribe(customerId, 'q');
    await world.move('2024-06-20T10:00:00Z');
    await world.run(terminateSubscriptionCommand, { subscriptionId });
    expect(await totals(customerId)).toEqual([32_000n]);
  });
});

describe('usage at the very instant of a change', () => {
  const events = (at: string, ...ids: string[]) =>
    inside(world, (ctx, tx) =>
      storeEvents(
        tx,
        ctx.organizationId,
        ctx.now,
        ids.map((transactionId) => ({
          externalSubscriptionId: 's',
          code: 'calls',
          transactionId,
          timestamp: Date.parse(at),
          properties: { amount: '1' },
          preciseTotalAmountMinor: null,
        })),
      ),
    );
  /** The units billed on any invoice, in the order of the lines, each event being one unit. */
  const billedUnits = async (customerId: string) =>
    (await world.invoices(customerId)).flatMap((invoice) =>
      invoice.lines.filter(({ feeType }) => feeType === 'charge').map(({ units }) => units),
    );
  const NOW = '2024-03-10T12:00:00Z';
  const END = '2024-04-01T00:10:00Z';

  async function open(oldInAdvance: boolean, newInAdvance: boolean) {
    world = await openSandbox('2024-03-05T00:00:00Z', 'UTC', 'EUR');
    const billable_metric_id = await metric(world, 'calls');
    for (const [code, amount_cents, payInAdvance] of [
      ['small', 1_000, oldInAdvance],
      ['large', 2_000, newInAdvance],
    ] as const) {
      await world.plan(code, {
        amount_cents,
        charges: [
          {
            billable_metric_id,
            charge_model: 'standard',
            properties: { amount: '1' },
            pay_in_advance: payInAdvance,
          },
        ],
      });
    }
    const customerId = await world.customer('c1');
    const subscriptionId = await world.subscribe(customerId, 'small', { externalId: 's' });
    await world.move(NOW);
    await events(NOW, 'a', 'b', 'c');
    await world.move(NOW);
    return { customerId, subscriptionId };
  }

  it.each([
    { old: 'arrears', next: 'arrears', units: ['3', '2'] },
    { old: 'arrears', next: 'advance', units: ['3', '1', '1'] },
    { old: 'advance', next: 'arrears', units: ['1', '1', '1', '2'] },
    { old: 'advance', next: 'advance', units: ['1', '1', '1', '1', '1'] },
  ])('is billed once across an upgrade, from $old to $next', async ({ old, next, units }) => {
    const { customerId } = await open(old === 'advance', next === 'advance');
    await world.subscribe(customerId, 'large', { externalId: 's' });
    await events(NOW, 'd', 'e');
    await world.move(NOW);
    await world.move(END);
    expect((await billedUnits(customerId)).map((text) => Exact.of(text).toString())).toEqual(units);
  });

  it('is billed once when the subscription ends and starts again', async () => {
    const { customerId, subscriptionId } = await open(false, false);
    await world.run(terminateSubscriptionCommand, { subscriptionId });
    // Said to have started this morning: what the first one billed until noon is not billed again.
    await world.subscribe(customerId, 'large', {
      externalId: 's',
      subscriptionAt: Date.parse('2024-03-10T08:00:00Z'),
    });
    await events(NOW, 'd', 'e');
    await events('2024-03-10T09:00:00Z', 'late');
    await world.move(END);
    expect((await billedUnits(customerId)).map((text) => Exact.of(text).toString())).toEqual(['3', '2']);
  });
});

describe('a level that is averaged over time', () => {
  it('begins with the service, and is carried over from then on', async () => {
    world = await openSandbox('2024-03-01T00:00:00Z', 'UTC', 'EUR');
    const billable_metric_id = await metric(world, 'seats', {
      aggregation_type: 'weighted_sum_agg',
      recurring: true,
      weighted_interval: 'seconds',
    });
    await world.plan('p', {
      pay_in_advance: false,
      amount_cents: 0,
      charges: [{ billable_metric_id, charge_model: 'standard', properties: { amount: '1' } }],
    });
    const customerId = await world.customer('c1');
    const level = (at: string, amount: string) =>
      inside(world, (ctx, tx) =>
        storeEvents(tx, ctx.organizationId, ctx.now, [
          {
            externalSubscriptionId: 's',
            code: 'seats',
            transactionId: at,
            timestamp: Date.parse(at),
            properties: { amount },
            preciseTotalAmountMinor: null,
          },
        ]),
      );
    // Sent before there was any service: no bill ever persisted that level (semantics 5.5).
    await level('2024-02-20T00:00:00Z', '100');
    await world.subscribe(customerId, 'p', { externalId: 's' });
    await level('2024-03-01T00:00:00Z', '10');
    await world.move('2024-05-01T00:10:00Z');
    expect(await totals(customerId)).toEqual([1_000n, 1_000n]);
  });
});
