import { and, asc, eq } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabases } from '@/db/clients';
import { newId } from '@/db/ids';
import { coupons, invoices, subscriptions } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { goLive, moveClock, nextDueAt } from './clock.ts';
import {
  expiringCoupon,
  newCustomer,
  newOrganization,
  newSubscription,
  noting,
  openRunnersWorld,
  pendingSubscription,
  poison,
  type RunnersWorld,
  readCustomer,
  readDue,
  readMessages,
  readOrganization,
} from './testing/world.ts';

let world: RunnersWorld;
const at = (text: string) => Date.parse(text);
const START = at('2026-01-10T12:00:00Z');

/** What another process would see: nothing of who moves clocks here. */
function forgetMoversOfThisProcess(): void {
  Reflect.deleteProperty(globalThis, Symbol.for('counterfoil.clock-movers'));
}

beforeAll(async () => {
  world = await openRunnersWorld();
});
afterAll(() => world.close());

describe('moving a clock', () => {
  it('stamps each effect with its own due time, bills included', async () => {
    const { databases } = world;
    const organizationId = await newOrganization(databases, 'sandbox', START);
    const customerId = await newCustomer(databases, organizationId, 'ines');
    const starts = at('2026-01-20T00:00:00Z');
    const id = await newSubscription(databases, organizationId, customerId, starts);
    expect(await moveClock(databases, organizationId, at('2026-04-02T00:00:00Z'))).toEqual({
      now: at('2026-04-02T00:00:00Z'),
    });
    const [subscription] = await withTenant(databases, organizationId, (tx) =>
      tx.select().from(subscriptions).where(eq(subscriptions.id, id)),
    );
    expect(subscription?.startedAt).toEqual(new Date(starts));
    const billed = await withTenant(databases, organizationId, (tx) =>
      tx
        .select({ billedAt: invoices.billedAt, createdAt: invoices.createdAt })
        .from(invoices)
        .where(eq(invoices.customerId, customerId))
        .orderBy(asc(invoices.billedAt)),
    );
    const months = ['2026-02-01', '2026-03-01', '2026-04-01'].map((day) => new Date(`${day}T00:00:00Z`));
    expect(billed.map((bill) => bill.billedAt)).toEqual(months);
    expect(billed.map((bill) => bill.createdAt)).toEqual(months);
    const next = await withTenant(databases, organizationId, (tx) => nextDueAt(tx, organizationId));
    expect(next).toBe(at('2026-05-01T00:00:00Z'));
  });

  it('runs one instant in the order of the ranks, also what was only just scheduled for it', async () => {
    const { databases } = world;
    const organizationId = await newOrganization(databases, 'sandbox', START);
    const customerId = await newCustomer(databases, organizationId, 'ines');
    const instant = START + 60_000;
    const ended = await expiringCoupon(databases, organizationId, instant, customerId);
    const started = await pendingSubscription(databases, organizationId, customerId, instant);
    await expiringCoupon(databases, organizationId, instant - 1, customerId);
    const notes: Parameters<typeof noting>[0] = [];
    await moveClock(databases, organizationId, instant, { handlers: noting(notes) });
    expect(notes.map(({ item, now }) => [item.kind, item.dueAt - instant, now - instant])).toEqual([
      ['coupon.expire', -1, -1],
      ['subscription.activate', 0, 0],
      ['coupon.expire', 0, 0],
    ]);
    expect(notes.slice(1).map(({ item }) => item.subjectId)).toEqual([started, ended]);
  });

  it('refuses to go back, to move a live clock, and an instant that is none', async () => {
    const { databases } = world;
    const organizationId = await newOrganization(databases, 'sandbox', START);
    await expect(moveClock(databases, organizationId, START - 1)).rejects.toMatchObject({
      failure: { kind: 'invalid', fields: { now: ['value_is_invalid'] } },
    });
    await expect(moveClock(databases, organizationId, Number.NaN)).rejects.toMatchObject({
      failure: { kind: 'invalid' },
    });
    expect(await moveClock(databases, organizationId, START)).toEqual({ now: START });
    const live = await newOrganization(databases, 'live', START);
    await expect(moveClock(databases, live, START)).rejects.toMatchObject({
      failure: { kind: 'not_allowed' },
    });
    await expect(moveClock(databases, newId(), START)).rejects.toMatchObject({
      failure: { kind: 'not_found', resource: 'organization' },
    });
  });

  it('parks what fails three times, alone, and goes on', async () => {
    const { databases } = world;
    const organizationId = await newOrganization(databases, 'sandbox', START);
    const [sick, well] = [
      await newCustomer(databases, organizationId, 'sick'),
      await newCustomer(databases, organizationId, 'well'),
    ];
    const instant = START + 1_000;
    const poisoned = await poison(databases, organizationId, instant, sick);
    const coupon = await expiringCoupon(databases, organizationId, instant + 1, sick);
    await pendingSubscription(databases, organizationId, well, instant);
    await moveClock(databases, organizationId, instant + 2);
    const items = await readDue(databases, organizationId);
    const parked = items.filter((item) => item.parkedAt);
    expect(parked).toMatchObject([
      { subjectId: poisoned, attempts: 3, doneAt: null, lastError: 'subscription not found' },
    ]);
    expect(items.find((item) => item.subjectId === coupon)?.doneAt).toEqual(new Date(instant + 1));
    expect(await readMessages(databases, organizationId, 'subscription.started')).toHaveLength(1);
    const reasons = await Promise.all([sick, well].map((id) => readCustomer(databases, organizationId, id)));
    expect(reasons.map((customer) => customer.parkedReason)).toEqual([
      'subscription.activate could not be done: subscription not found',
      null,
    ]);
  });

  it('does each thing once when several move it at once, here and from another process', async () => {
    const { databases, urls } = world;
    const organizationId = await newOrganization(databases, 'sandbox', START);
    for (let n = 0; n < 6; n++) {
      const customerId = await newCustomer(databases, organizationId, `c${n}`);
      await newSubscription(databases, organizationId, customerId, START + 3 * 86_400_000);
    }
    const elsewhere = openDatabases(urls);
    const goal = at('2026-03-05T00:00:00Z');
    const here = [goal - 86_400_000, goal].map((to) => moveClock(databases, organizationId, to));
    forgetMoversOfThisProcess();
    const ends = await Promise.all([...here, moveClock(elsewhere, organizationId, goal)]);
    await elsewhere.close();
    expect(ends.at(-1)).toEqual({ now: goal });
    expect((await readOrganization(databases, organizationId)).clockNow).toEqual(new Date(goal));
    expect(await readMessages(databases, organizationId, 'subscription.started')).toHaveLength(6);
    const bills = await withTenant(databases, organizationId, (tx) =>
      tx.select().from(invoices).where(eq(invoices.organizationId, organizationId)),
    );
    expect(bills).toHaveLength(12);
    expect(new Set(bills.map((bill) => `${bill.customerId} ${bill.billedAt.getTime()}`)).size).toBe(12);
  });

  it('outlives the end of its connections', async () => {
    const { databases, urls } = world;
    const organizationId = await newOrganization(databases, 'history', START);
    for (let n = 0; n < 12; n++) {
      const customerId = await newCustomer(databases, organizationId, `c${n}`);
      await pendingSubscription(databases, organizationId, customerId, START + n * 1_000);
    }
    const owner = postgres(urls.ownerUrl, { max: 1 });
    const moving = moveClock(databases, organizationId, at('2026-03-05T00:00:00Z'));
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      await owner`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and query <> '' and query not like '%typarray%'`;
    }
    await owner.end();
    expect(await moving).toEqual({ now: at('2026-03-05T00:00:00Z') });
    expect(await readMessages(databases, organizationId, 'subscription.started')).toHaveLength(12);
    const items = await readDue(databases, organizationId);
    expect(items.filter((item) => item.attempts > 0 || item.parkedAt)).toEqual([]);
    expect((await readOrganization(databases, organizationId)).clockMovingTo).toBeNull();
  });
});

describe('going live', () => {
  it('keeps what history said to itself, and speaks from then on', async () => {
    const { databases } = world;
    const organizationId = await newOrganization(databases, 'history', START);
    const customerId = await newCustomer(databases, organizationId, 'ines');
    await newSubscription(databases, organizationId, customerId);
    await moveClock(databases, organizationId, at('2026-02-02T00:00:00Z'));
    await goLive(databases, organizationId);
    expect(await readOrganization(databases, organizationId)).toMatchObject({ mode: 'live', clockNow: null });
    const started = await readMessages(databases, organizationId, 'subscription.started');
    expect(started.map((message) => message.muted)).toEqual(['yes']);
    await newCustomer(databases, organizationId, 'karl');
    const created = await readMessages(databases, organizationId, 'customer.created');
    expect(created.map((message) => message.muted)).toEqual(['yes', 'no']);
    await expect(goLive(databases, organizationId)).rejects.toMatchObject({
      failure: { kind: 'not_allowed' },
    });
  });
});

it('ends a coupon nobody owns', async () => {
  const { databases } = world;
  const organizationId = await newOrganization(databases, 'sandbox', START);
  const id = await expiringCoupon(databases, organizationId, START + 5);
  await moveClock(databases, organizationId, START + 10);
  const [coupon] = await withTenant(databases, organizationId, (tx) =>
    tx
      .select()
      .from(coupons)
      .where(and(eq(coupons.organizationId, organizationId), eq(coupons.id, id))),
  );
  expect(coupon?.terminatedAt).toEqual(new Date(START + 5));
});
