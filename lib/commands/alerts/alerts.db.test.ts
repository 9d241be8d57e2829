import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outbox } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { metric, send } from '../usage/testing';
import { createWallet } from '../wallets/create';
import { findWallet } from '../wallets/find';
import { createAlerts } from './create';
import { deleteAlerts } from './delete';
import { findAlert } from './find';
import { updateAlert } from './update';

let world: Sandbox;
let customerId: string;
const watched = { externalSubscriptionId: 's1' };

beforeAll(async () => {
  world = await openSandbox('2025-01-01T00:00:00Z', 'UTC', 'EUR');
  const metricId = await metric(world, 'ops');
  customerId = await world.customer('c1');
  await world.plan('p1', {
    amount_cents: 4900,
    pay_in_advance: false,
    charges: [
      { billable_metric_id: metricId, code: 'ops', charge_model: 'standard', properties: { amount: '5' } },
    ],
  });
  await world.subscribe(customerId, 'p1', { externalId: 's1' });
});
afterAll(() => world.close());

const triggered = () =>
  withTenant(world.databases, world.organizationId, async (tx) => {
    const rows = await tx
      .select({ payload: outbox.payload })
      .from(outbox)
      .where(and(eq(outbox.organizationId, world.organizationId), eq(outbox.type, 'alert.triggered')))
      .orderBy(outbox.createdAt, outbox.id);
    return rows.map(({ payload }) => [
      payload.alert_code,
      payload.current_value,
      (payload.crossed_thresholds as { code: string }[]).map(({ code }) => code),
    ]);
  });

const previousOf = (code: string) =>
  withTenant(world.databases, world.organizationId, async (tx) =>
    Number((await findAlert(tx, world.organizationId, watched, code)).previousValue),
  );

describe('alerts (7.4)', () => {
  it('tell of usage in a period and over a lifetime', async () => {
    await world.run(createAlerts, {
      watched,
      alerts: [
        {
          alert_type: 'lifetime_usage_amount',
          code: 'lifetime',
          thresholds: [{ value: 15_000, code: 'warn' }],
        },
        {
          alert_type: 'billable_metric_current_usage_units',
          billable_metric_code: 'ops',
          code: 'units',
          thresholds: [
            { value: 10, code: 'ten' },
            { value: 5, code: 'five', recurring: true },
          ],
        },
      ],
    });
    await world.move('2025-01-06T00:00:00Z');
    await send(world, 's1', 'ops', { amount: 10 });
    expect(await previousOf('lifetime')).toBe(5000);
    await world.move('2025-02-06T00:00:00Z');
    await send(world, 's1', 'ops', { amount: 10 });
    expect(await previousOf('lifetime')).toBe(10_000);
    await world.move('2025-03-15T00:00:00Z');
    await send(world, 's1', 'ops', { amount: 16 });
    expect(await previousOf('lifetime')).toBe(18_000);
    expect(await triggered()).toEqual([
      ['units', '10', ['ten']],
      ['units', '10', ['ten']],
      ['lifetime', '18000', ['warn']],
      ['units', '16', ['ten', 'five']],
    ]);
  });

  it('are changed and removed', async () => {
    const changed = await world.run(updateAlert, {
      watched,
      code: 'units',
      changes: { code: 'seats', thresholds: [{ value: '8.5' }] },
    });
    expect(changed.code).toBe('seats');
    await expect(
      world.run(updateAlert, { watched, code: 'lifetime', changes: { code: 'seats' } }),
    ).rejects.toMatchObject({ failure: { fields: { code: ['value_already_exist'] } } });
    const refused = (thresholds: unknown[]) =>
      expect(
        world.run(createAlerts, {
          watched,
          alerts: [{ alert_type: 'current_usage_amount', code: 'x', thresholds }],
        }),
      ).rejects;
    await refused([{ value: 1 }, { value: '1.0' }]).toMatchObject({
      failure: { fields: { thresholds: ['duplicate_threshold_values'] } },
    });
    await refused([
      { value: 1, recurring: true },
      { value: 2, recurring: true },
    ]).toMatchObject({ failure: { fields: { thresholds: ['multiple_recurring_thresholds'] } } });
    await world.run(deleteAlerts, { watched, code: 'seats' });
    await expect(world.run(deleteAlerts, { watched, code: 'seats' })).rejects.toMatchObject({
      failure: { kind: 'not_found', resource: 'alert' },
    });
  });

  it('follow what usage leaves of prepaid credits, and refill them', async () => {
    const wallet = await world.run(createWallet, {
      external_customer_id: 'c1',
      rate_amount: '1',
      currency: 'EUR',
      name: 'Prepaid',
      granted_credits: '180',
      recurring_transaction_rules: [{ trigger: 'threshold', threshold_credits: '20', granted_credits: '50' }],
    });
    await world.run(createAlerts, {
      watched: { walletId: wallet.id },
      alerts: [
        {
          alert_type: 'wallet_ongoing_balance_amount',
          code: 'low',
          thresholds: [{ value: 5000, code: 'half' }],
        },
      ],
    });
    const standing = () =>
      withTenant(world.databases, world.organizationId, (tx) =>
        findWallet(tx, world.organizationId, { id: wallet.id }),
      );
    await world.move('2025-03-15T01:00:00Z');
    expect(await standing()).toMatchObject({ balanceMinor: 18_000n, ongoingBalanceMinor: 10_000n });
    await send(world, 's1', 'ops', { amount: 11 });
    expect(await standing()).toMatchObject({ balanceMinor: 18_000n, ongoingBalanceMinor: 4500n });
    expect((await triggered()).at(-1)).toEqual(['low', '4500', ['half']]);
    await send(world, 's1', 'ops', { amount: 6 });
    expect(await standing()).toMatchObject({ balanceMinor: 23_000n, ongoingBalanceMinor: 6500n });
  });
});
