import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { terminateSubscriptionCommand } from '../subscriptions/terminate';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { metric, send, told } from './testing';

let world: Sandbox;
let metricId: string;

beforeAll(async () => {
  world = await openSandbox('2022-12-01T00:00:00Z', 'UTC', 'EUR');
  metricId = await metric(world, 'units');
});
afterAll(() => world.close());

let names = 0;
/** A customer on a plan of 31.00 in arrears with units at 0.0002 and these thresholds. */
async function customerWith(thresholds: Record<string, unknown>[]) {
  const name = `p${++names}`;
  const customerId = await world.customer(name);
  await world.plan(name, {
    amount_cents: 3100,
    pay_in_advance: false,
    charges: [
      {
        billable_metric_id: metricId,
        code: 'units',
        charge_model: 'standard',
        properties: { amount: '0.0002' },
      },
    ],
    usage_thresholds: thresholds,
  });
  const id = await world.subscribe(customerId, name, { externalId: name });
  const totals = async (type: string) =>
    (await world.invoices(customerId))
      .filter((invoice) => invoice.invoiceType === type)
      .map((invoice) => invoice.totalAmountMinor);
  return { name, id, customerId, totals };
}

describe('progressive billing (7.2)', () => {
  it('bills 20 000 once, and the end of the month takes it back', async () => {
    const one = await customerWith([{ amount_cents: 20_000 }]);
    const ended = await customerWith([{ amount_cents: 20_000 }]);
    await world.move('2022-12-06T00:00:00Z');
    await send(world, one.name, 'units', { amount: 1_000_000 });
    await send(world, ended.name, 'units', { amount: 1_000_000 });
    expect(await one.totals('progressive_billing')).toEqual([20_000n]);
    await world.move('2022-12-18T00:00:00Z');
    await world.run(terminateSubscriptionCommand, { subscriptionId: ended.id });
    expect(await ended.totals('subscription')).toEqual([1800n]);
    await send(world, one.name, 'units', { amount: 1_000_000 });
    expect(await one.totals('progressive_billing')).toEqual([20_000n]);
    await world.move('2023-01-01T00:00:00Z');
    const [bill] = (await world.invoices(one.customerId)).filter((row) => row.invoiceType === 'subscription');
    expect(bill).toMatchObject({
      feesAmountMinor: 43_100n,
      progressiveBillingCreditAmountMinor: 20_000n,
      totalAmountMinor: 23_100n,
    });
    expect((await told(world))['subscription.usage_threshold_reached']).toBe(2);
  });

  it('passes 200, 500, 700 and then every 1000', async () => {
    const one = await customerWith([
      { amount_cents: 200 },
      { amount_cents: 500 },
      { amount_cents: 700 },
      { amount_cents: 1000, recurring: true },
    ]);
    for (const [day, amount] of [
      ['06', 11_000],
      ['11', 11_000],
      ['16', 11_000],
      ['21', 11_000],
      ['26', 110_000],
      ['28', 110_000],
    ] as const) {
      await world.move(`2023-01-${day}T00:00:00Z`);
      await send(world, one.name, 'units', { amount });
    }
    expect(await one.totals('progressive_billing')).toEqual([220n, 440n, 220n, 2200n, 2200n]);
    await world.move('2023-02-01T00:00:00Z');
    const [bill] = (await world.invoices(one.customerId)).filter((row) => row.invoiceType === 'subscription');
    expect(bill).toMatchObject({ progressiveBillingCreditAmountMinor: 5280n, totalAmountMinor: 3100n });
  });
});
