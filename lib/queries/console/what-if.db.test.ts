import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plans } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { openSandbox, type Sandbox } from '@/lib/commands/testing/sandbox';
import { metric, send } from '@/lib/commands/usage/testing';
import { comparePlans, replayPlan, replayTargets } from './what-if';

let world: Sandbox;
let heavy: string;
let light: string;
let fresh: string;
const NOW = Date.parse('2026-04-10T00:00:00Z');

const read = <T>(work: Parameters<typeof withTenant<T>>[2]) =>
  withTenant(world.databases, world.organizationId, work, { readOnly: true });

beforeAll(async () => {
  world = await openSandbox('2026-02-01T00:00:00Z');
  const metricId = await metric(world, 'units');
  const price = (amount: string) => [
    { billable_metric_id: metricId, code: 'units', charge_model: 'standard', properties: { amount } },
  ];
  // Solo: $20.00 and $0.10 a unit. Crew: $100.00 and $0.01 a unit, billed ahead, at least $150.00.
  await world.plan('solo', { amount_cents: 2_000, pay_in_advance: false, charges: price('0.1') });
  await world.plan('crew', {
    amount_cents: 10_000,
    charges: price('0.01'),
    minimum_commitment: { amount_cents: 15_000 },
  });
  await world.plan('euro', { amount_cents: 1, amount_currency: 'EUR' });
  await world.plan('year', { amount_cents: 100, interval: 'yearly' });
  heavy = await world.customer('heavy');
  light = await world.customer('light');
  fresh = await world.customer('fresh');
  await world.subscribe(heavy, 'solo', { externalId: 'heavy' });
  await world.subscribe(light, 'solo', { externalId: 'light' });
  await world.move('2026-03-15T00:00:00Z');
  await send(world, 'heavy', 'units', { amount: 10_000 });
  await send(world, 'light', 'units', { amount: 10 });
  await world.move('2026-04-10T00:00:00Z');
  await world.subscribe(fresh, 'solo', { externalId: 'fresh' });
});
afterAll(() => world.close());

describe('one customer on each plan', () => {
  it('prices the last whole period at what was really used, the cheapest first', async () => {
    const found = await read((tx) => comparePlans(tx, world.organizationId, heavy, NOW));
    expect(found).toMatchObject({
      kind: 'compared',
      customerName: 'heavy',
      period: { from: Date.parse('2026-03-01T00:00:00Z'), to: Date.parse('2026-04-01T00:00:00Z') - 1 },
      plans: [
        // $100.00 and 10,000 at $0.01.
        { code: 'crew', current: false, totalMinor: 20_000n, differenceMinor: -82_000n },
        { code: 'solo', current: true, totalMinor: 102_000n, differenceMinor: 0n },
      ],
    });
    const billed = (await world.invoices(heavy)).at(-1);
    expect(billed?.feesAmountMinor).toBe(102_000n);
  });

  it('reaches a minimum, and leaves other currencies and intervals out', async () => {
    const found = await read((tx) => comparePlans(tx, world.organizationId, light, NOW));
    if (found?.kind !== 'compared') throw new Error(found?.kind ?? 'nobody');
    expect(found.plans.map(({ code, totalMinor }) => [code, totalMinor])).toEqual([
      ['solo', 2_100n],
      ['crew', 15_000n],
    ]);
  });

  it('says why there is nothing to compare', async () => {
    expect(await read((tx) => comparePlans(tx, world.organizationId, fresh, NOW))).toMatchObject({
      kind: 'no_period',
      planName: 'solo',
    });
    const nobody = await world.customer('nobody');
    expect(await read((tx) => comparePlans(tx, world.organizationId, nobody, NOW))).toMatchObject({
      kind: 'no_subscription',
    });
    const unknown = world.organizationId;
    expect(await read((tx) => comparePlans(tx, world.organizationId, unknown, NOW))).toBeNull();
  });
});

describe('a plan’s customers on another', () => {
  it('sums before and after and names who it changes the most', async () => {
    const { planId, target } = await read(async (tx) => {
      const [solo] = await tx.select().from(plans).where(eq(plans.code, 'solo'));
      const targets = await replayTargets(tx, world.organizationId, 'solo');
      return { planId: solo?.id ?? '', target: targets.find(({ code }) => code === 'crew') };
    });
    const asked = { planId, versionId: target?.versionId ?? '' };
    const replay = await read((tx) => replayPlan(tx, world.organizationId, asked, NOW, 60_000));
    expect(replay).toMatchObject({
      subscriptions: 3,
      priced: 2,
      left: 1,
      timeUp: false,
      beforeMinor: 104_100n,
      afterMinor: 35_000n,
      jumps: 1,
      savers: [{ name: 'heavy', beforeMinor: 102_000n, afterMinor: 20_000n }],
      payers: [{ name: 'light', beforeMinor: 2_100n, afterMinor: 15_000n }],
    });
    const none = await read((tx) => replayPlan(tx, world.organizationId, asked, NOW, -1));
    expect(none).toMatchObject({ priced: 0, timeUp: true, beforeMinor: 0n });
  });
});
