import { and, eq } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Databases, openDatabases } from '@/db/clients';
import { subscriptions } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { dueHandlers } from '@/lib/commands/due';
import type { DueHandlers } from './due-item.ts';
import type { Runner } from './loop.ts';
import {
  expiringCoupon,
  newCustomer,
  newOrganization,
  noting,
  openRunnersWorld,
  overdueActivations,
  pendingSubscription,
  poison,
  type RunnersWorld,
  readCustomer,
  readDue,
  readMessages,
} from './testing/world.ts';
import { startWorkers } from './worker.ts';

let world: RunnersWorld;
const HOUR = 3_600_000;

beforeAll(async () => {
  world = await openRunnersWorld();
});
afterAll(() => world.close());

async function until(what: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await what().catch(() => false))) {
    if (performance.now() > end) throw new Error('it did not come to that in 60 seconds');
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

const openBefore = async (organizationId: string, instant: number) =>
  (await readDue(world.databases, organizationId)).filter(
    (item) => item.dueAt.getTime() <= instant && !item.doneAt && !item.parkedAt,
  ).length;

const hourAgo = () => Date.now() - HOUR;

describe('workers', () => {
  it('do each thing once: eight of them, their connections cut again and again', async () => {
    const { databases, urls } = world;
    const due = hourAgo();
    const organizationId = await newOrganization(databases, 'live', due);
    const made = await overdueActivations(databases, organizationId, 200, due);
    const processes = Array.from({ length: 8 }, () => openDatabases(urls, { app: 2, system: 2, bulk: 1 }));
    const workers = processes.map((own) => startWorkers({ databases: own, concurrency: 1, pollMs: 20 }));
    const owner = postgres(urls.ownerUrl, { max: 1 });
    for (let cut = 0; cut < 6; cut++) {
      await new Promise((resolve) => setTimeout(resolve, 80));
      await owner`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and usename in ('cf_app', 'cf_system') and random() < 0.4
        and query <> '' and query not like '%typarray%'`;
    }
    await until(async () => (await openBefore(organizationId, due)) === 0);
    await stopAll(workers, processes);
    await owner.end();

    const started = await readMessages(databases, organizationId, 'subscription.started');
    expect(new Set(started.map((message) => message.objectId))).toEqual(new Set(made));
    expect(started).toHaveLength(200);
    const active = await withTenant(databases, organizationId, (tx) =>
      tx
        .select({ startedAt: subscriptions.startedAt })
        .from(subscriptions)
        .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.status, 'active'))),
    );
    expect(active).toHaveLength(200);
    expect(new Set(active.map((row) => row.startedAt?.getTime()))).toEqual(new Set([due]));
    const items = await readDue(databases, organizationId);
    expect(items.filter((item) => item.kind === 'subscription.bill')).toHaveLength(200);
    expect(items.filter((item) => item.attempts > 0)).toEqual([]);
  }, 90_000);

  it("keep one customer's work in order and never do two things of it at once", async () => {
    const { databases, urls } = world;
    const due = hourAgo();
    const organizationId = await newOrganization(databases, 'live', due);
    const customerId = await newCustomer(databases, organizationId, 'ines');
    for (let n = 0; n < 20; n++) {
      await expiringCoupon(databases, organizationId, due + (n % 5), customerId);
      if (n % 4 === 0) await pendingSubscription(databases, organizationId, customerId, due + (n % 5));
    }
    const order = (await readDue(databases, organizationId)).map((item) => item.id);
    const subjects = (await readDue(databases, organizationId)).map((item) => item.subjectId);
    const notes: Parameters<typeof noting>[0] = [];
    let running = 0;
    let most = 0;
    const handlers = noting(notes);
    const counted = Object.fromEntries(
      Object.entries(handlers).map(([kind, handler]) => [
        kind,
        async (...given: Parameters<typeof handler>) => {
          most = Math.max(most, ++running);
          await handler(...given).finally(() => {
            running -= 1;
          });
        },
      ]),
    ) as DueHandlers;
    const processes = Array.from({ length: 4 }, () => openDatabases(urls, { app: 2, system: 1, bulk: 1 }));
    const workers = processes.map((own) => startWorkers({ databases: own, handlers: counted, pollMs: 10 }));
    await until(async () => (await openBefore(organizationId, due + 10)) === 0);
    await stopAll(workers, processes);
    expect(order).toHaveLength(25);
    expect(notes.map(({ item }) => item.subjectId)).toEqual(subjects);
    expect(notes.every(({ item, now }) => now === item.dueAt)).toBe(true);
    expect(most).toBe(1);
  });

  it('park what fails three times, alone, and mark the customer', async () => {
    const { databases } = world;
    const due = hourAgo();
    const organizationId = await newOrganization(databases, 'live', due);
    const customerId = await newCustomer(databases, organizationId, 'sick');
    const poisoned = await poison(databases, organizationId, due, customerId);
    await pendingSubscription(databases, organizationId, customerId, due + 1);
    const worker = startWorkers({ databases, pollMs: 10, retryMs: 20 });
    await until(async () => (await openBefore(organizationId, due + 1)) === 0);
    await worker.stop();
    const items = await readDue(databases, organizationId);
    expect(items.filter((item) => item.parkedAt)).toMatchObject([{ subjectId: poisoned, attempts: 3 }]);
    expect(await readMessages(databases, organizationId, 'subscription.started')).toHaveLength(1);
    const customer = await readCustomer(databases, organizationId, customerId);
    expect(customer.parkedReason).toMatch(/subscription.activate could not be done/);
  });

  it('leave alone what is not due by its own clock', async () => {
    const { databases } = world;
    const soon = Date.now() + HOUR;
    const live = await newOrganization(databases, 'live', hourAgo());
    await expiringCoupon(databases, live, soon);
    const past = Date.parse('2025-01-01T00:00:00Z');
    const sandbox = await newOrganization(databases, 'sandbox', past);
    await expiringCoupon(databases, sandbox, past + 1);
    const now = await expiringCoupon(databases, sandbox, past);
    const history = await newOrganization(databases, 'history', past);
    await expiringCoupon(databases, history, past);
    const worker = startWorkers({ databases, pollMs: 10 });
    await until(async () => (await readDue(databases, sandbox)).some((item) => item.doneAt));
    await new Promise((resolve) => setTimeout(resolve, 60));
    await worker.stop();
    const done = [live, sandbox, history].map(async (id) =>
      (await readDue(databases, id)).filter((item) => item.doneAt).map((item) => item.subjectId),
    );
    expect(await Promise.all(done)).toEqual([[], [now], []]);
  });

  it('wait for a database that went away, and finish the work in hand when stopped', async () => {
    const { databases, urls } = world;
    const due = hourAgo();
    const organizationId = await newOrganization(databases, 'live', due);
    const owner = postgres(urls.ownerUrl.replace(/\/[^/]*$/, '/postgres'), { max: 1 });
    const name = new URL(urls.ownerUrl).pathname.slice(1);
    const own = openDatabases(urls);
    const worker = startWorkers({ databases: own, pollMs: 20 });
    await owner.unsafe(`alter database "${name}" with allow_connections false`);
    await owner`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
    await new Promise((resolve) => setTimeout(resolve, 200));
    await owner.unsafe(`alter database "${name}" with allow_connections true`);
    await owner.end();
    const customerId = await newCustomer(databases, organizationId, 'ines');
    const id = await pendingSubscription(databases, organizationId, customerId, due);
    let begun = false;
    const slow: DueHandlers = {
      ...dueHandlers,
      'coupon.expire': async (ctx, item) => {
        begun = true;
        await new Promise((resolve) => setTimeout(resolve, 150));
        await dueHandlers['coupon.expire'](ctx, item);
      },
    };
    await until(
      async () => (await readMessages(databases, organizationId, 'subscription.started')).length > 0,
    );
    await stopAll([worker], [own]);
    const messages = await readMessages(databases, organizationId, 'subscription.started');
    expect(messages.map((message) => message.objectId)).toEqual([id]);

    const coupon = await expiringCoupon(databases, organizationId, due + 1);
    const second = startWorkers({ databases, handlers: slow, pollMs: 10 });
    await until(async () => begun);
    await second.stop();
    const done = (await readDue(databases, organizationId)).filter((item) => item.doneAt);
    expect(done.map((item) => item.subjectId)).toContain(coupon);
  });
});

async function stopAll(workers: Runner[], processes: Databases[]): Promise<void> {
  await Promise.all(workers.map((worker) => worker.stop()));
  await Promise.all(processes.map((own) => own.close()));
}
