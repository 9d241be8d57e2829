import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dueItems, fees } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { terminateSubscriptionCommand } from '../subscriptions/terminate';
import { createTax } from '../taxes/create';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { metric, send, told, usageLines } from './testing';

let world: Sandbox;
let metricId: string;
let cardsId: string;

beforeAll(async () => {
  world = await openSandbox('2024-06-05T10:00:00Z', 'UTC', 'EUR');
  metricId = await metric(world, 'sum');
  cardsId = await metric(world, 'cards', {
    aggregation_type: 'unique_count_agg',
    field_name: 'item_id',
    recurring: true,
  });
  await metric(world, 'idle');
});
afterAll(() => world.close());

const inAdvance = (charge: Record<string, unknown>) => ({
  amount_cents: 1000,
  pay_in_advance: false,
  charges: [
    {
      billable_metric_id: metricId,
      code: 'usage',
      charge_model: 'standard',
      pay_in_advance: true,
      ...charge,
    },
  ],
});

async function subscribe(name: string, charge: Record<string, unknown>) {
  const customerId = await world.customer(name);
  await world.plan(name, inAdvance(charge));
  const id = await world.subscribe(customerId, name, { externalId: name });
  return { customerId, id };
}

const amounts = async (id: string) =>
  (await usageLines(world, id)).map((fee) => [fee.amountMinor, Number(fee.units)]);

describe('usage paid event by event (6.11)', () => {
  it('bills +10, −6 and +10 as 10, nothing and 4, each on an invoice at once', async () => {
    const { customerId, id } = await subscribe('sums', { properties: { amount: '1' } });
    for (const amount of [10, -6, 10]) await send(world, 'sums', 'sum', { amount });
    expect(await amounts(id)).toEqual([
      [1000n, 10],
      [0n, 0],
      [400n, 4],
    ]);
    const invoices = await world.invoices(customerId);
    expect(invoices.map((invoice) => [invoice.status, invoice.totalAmountMinor])).toEqual([
      ['finalized', 1000n],
      ['finalized', 0n],
      ['finalized', 400n],
    ]);
    expect(invoices[0]!.number).toBeTruthy();
    expect(await told(world)).toMatchObject({ 'fee.created': 3, 'invoice.created': 3 });
  });

  it('bills packages of 2 at 100 with 3 free', async () => {
    const { id } = await subscribe('packages', {
      charge_model: 'package',
      properties: { amount: '100', package_size: 2, free_units: 3 },
      invoiceable: false,
    });
    for (const amount of [3, 1, 2]) await send(world, 'packages', 'sum', { amount });
    expect((await amounts(id)).map(([amount]) => amount)).toEqual([0n, 10_000n, 10_000n]);
  });

  it('bills an event once, however often it is looked at', async () => {
    const { id } = await subscribe('once', { properties: { amount: '1' } });
    await send(world, 'once', 'sum', { amount: 7 });
    await withTenant(world.databases, world.organizationId, (tx) =>
      tx
        .update(dueItems)
        .set({ doneAt: null })
        .where(
          and(
            eq(dueItems.organizationId, world.organizationId),
            eq(dueItems.subjectId, id),
            eq(dueItems.kind, 'usage.check'),
          ),
        ),
    );
    await world.move('2024-06-05T10:00:00Z');
    expect(await amounts(id)).toEqual([[700n, 7]]);
  });

  it('sets nothing off for usage that nobody follows', async () => {
    const { id } = await subscribe('unwatched', { properties: { amount: '1' } });
    await send(world, 'unwatched', 'idle', { amount: 7 });
    await send(world, 'nobody', 'sum', { amount: 7 });
    const rows = await withTenant(world.databases, world.organizationId, (tx) =>
      tx
        .select()
        .from(dueItems)
        .where(
          and(
            eq(dueItems.organizationId, world.organizationId),
            eq(dueItems.subjectId, id),
            eq(dueItems.kind, 'usage.check'),
          ),
        ),
    );
    expect(rows).toEqual([]);
  });

  it('gathers paid lines with the sums of their own taxes, and renews the seats', async () => {
    await world.run(createTax, { name: 'VAT 9.3', code: 'a', rate: '9.3', applied_to_organization: true });
    await world.run(createTax, { name: 'VAT 12', code: 'b', rate: '12', applied_to_organization: true });
    const { customerId, id } = await subscribe('cards', {
      billable_metric_id: cardsId,
      properties: { amount: '30' },
      prorated: true,
      invoiceable: false,
      regroup_paid_fees: 'invoice',
    });
    for (const [day, card] of [
      ['11', 1],
      ['12', 2],
      ['13', 3],
      ['22', 4],
      ['22', 5],
    ] as const) {
      await world.move(`2024-06-${day}T10:00:00Z`);
      await send(world, 'cards', 'cards', { item_id: `card ${card}` });
    }
    const lines = await usageLines(world, id);
    expect(lines.map((fee) => fee.amountMinor)).toEqual([2000n, 1900n, 1800n, 900n, 900n]);
    expect(lines.every((fee) => fee.invoiceId === null && fee.taxesRate === '21.3')).toBe(true);
    await withTenant(world.databases, world.organizationId, (tx) =>
      tx
        .update(fees)
        .set({ paymentStatus: 'succeeded' })
        .where(and(eq(fees.organizationId, world.organizationId), eq(fees.subscriptionId, id))),
    );
    await world.move('2024-07-01T00:00:00Z');
    const gathered = (await world.invoices(customerId)).find((one) => one.invoiceType === 'advance_charges');
    expect(gathered).toMatchObject({
      status: 'finalized',
      paymentStatus: 'succeeded',
      feesAmountMinor: 7500n,
      taxesAmountMinor: 698n + 900n,
      totalAmountMinor: 9098n,
      totalPaidAmountMinor: 9098n,
    });
    expect(gathered!.lines).toHaveLength(5);
    const renewal = (await usageLines(world, id)).at(-1)!;
    expect([renewal.amountMinor, renewal.units, renewal.invoiceId]).toEqual([15_000n, '5', null]);
    expect(renewal.fromDatetime!.toISOString()).toBe('2024-07-01T00:00:00.000Z');
    await world.run(terminateSubscriptionCommand, { subscriptionId: id });
    expect((await usageLines(world, id)).filter((fee) => fee.invoiceId === null)).toHaveLength(1);
  });
});
