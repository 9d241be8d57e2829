import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tx } from '@/db/clients';
import { dueItems } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { dueHandlers } from '@/lib/commands/due';
import { runNextDue } from '@/lib/runners/due-item';
import { storeEvents } from '@/lib/usage/ingest';
import { createAlerts } from '../alerts/create';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { metric, usageLines } from './testing';

let world: Sandbox;
let customerId: string;
let id: string;
const NOW = Date.parse('2025-01-01T00:00:00Z');

beforeAll(async () => {
  world = await openSandbox('2025-01-01T00:00:00Z', 'UTC', 'EUR');
  const watchedId = await metric(world, 'watched');
  const paidId = await metric(world, 'paid', { aggregation_type: 'count_agg', field_name: undefined });
  customerId = await world.customer('c1');
  const charge = { charge_model: 'standard', properties: { amount: '5' } };
  await world.plan('p1', {
    pay_in_advance: false,
    charges: [
      { ...charge, billable_metric_id: watchedId, code: 'watched' },
      { ...charge, billable_metric_id: paidId, code: 'paid', pay_in_advance: true, invoiceable: false },
    ],
  });
  id = await world.subscribe(customerId, 'p1', { externalId: 's1' });
  await world.run(createAlerts, {
    watched: { externalSubscriptionId: 's1' },
    alerts: [{ alert_type: 'current_usage_amount', code: 'a', thresholds: [{ value: 1 }] }],
  });
  await world.move('2025-01-01T00:00:00Z');
});
afterAll(() => world.close());

const inTenant = <T>(work: (tx: Tx) => Promise<T>) => withTenant(world.databases, world.organizationId, work);

let serial = 0;
const arrive = (tx: Tx, code: string, count = 1) =>
  storeEvents(
    tx,
    world.organizationId,
    NOW,
    Array.from({ length: count }, () => ({
      externalSubscriptionId: 's1',
      transactionId: `t${++serial}`,
      code,
      timestamp: NOW,
      properties: { amount: 1 },
      preciseTotalAmountMinor: null,
    })),
  );

const waiting = () =>
  inTenant(async (tx) => {
    const rows = await tx
      .select()
      .from(dueItems)
      .where(
        and(
          eq(dueItems.organizationId, world.organizationId),
          eq(dueItems.kind, 'usage.check'),
          sql`${dueItems.doneAt} is null`,
        ),
      )
      .orderBy(dueItems.createdAt, dueItems.id);
    return rows.map(({ payload }) => (payload.transactionIds as string[]).length);
  });

describe('checks that usage makes due', () => {
  it('one waits however much arrives; events that are paid one by one are all named', async () => {
    await inTenant((tx) => arrive(tx, 'watched', 3));
    await inTenant((tx) => arrive(tx, 'watched'));
    expect(await waiting()).toEqual([0]);
    await inTenant((tx) => arrive(tx, 'paid', 2));
    expect((await waiting()).sort()).toEqual([0, 2]);
    await world.move('2025-01-01T00:00:00Z');
    expect(await waiting()).toEqual([]);
    expect((await usageLines(world, id)).map((fee) => fee.amountMinor)).toEqual([500n, 500n]);
  });

  it('a check being worked does not stand for events that it may not have seen', async () => {
    await inTenant((tx) => arrive(tx, 'watched'));
    await inTenant(async (working) => {
      await working.execute(
        sql`update due_items set done_at = now() where organization_id = ${world.organizationId} and done_at is null`,
      );
      await inTenant((tx) => arrive(tx, 'watched'));
    });
    expect(await waiting()).toEqual([0]);
    await world.move('2025-01-01T00:00:00Z');
  });

  it('a waiting check waits for the events that rely on it', async () => {
    await inTenant((tx) => arrive(tx, 'watched'));
    const lane = { organizationId: world.organizationId, customerId };
    const work = () =>
      runNextDue(world.databases, lane, { upTo: { dueAt: NOW, rank: 13 } }, dueHandlers, false);
    await inTenant(async (tx) => {
      await arrive(tx, 'watched');
      expect(await work()).toEqual({ outcome: 'nothing' });
    });
    expect((await work()).outcome).toBe('done');
    expect(await waiting()).toEqual([]);
  });

  it('two workers bill an event once', async () => {
    const before = (await usageLines(world, id)).length;
    await inTenant((tx) => arrive(tx, 'paid', 2));
    await Promise.all([world.move('2025-01-01T00:00:00Z'), world.move('2025-01-01T00:00:00Z')]);
    expect(await usageLines(world, id)).toHaveLength(before + 2);
  });
});
