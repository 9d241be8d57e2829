import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { customers, dueItems } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { workRows } from '@/lib/queries/console/today';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { retryDueWork } from './retry';

let world: Sandbox;

beforeAll(async () => {
  world = await openSandbox('2026-03-01T00:00:00Z');
});
afterAll(() => world.close());

const items = (customerId: string) =>
  withTenant(world.databases, world.organizationId, (tx) =>
    tx
      .select()
      .from(dueItems)
      .where(and(eq(dueItems.organizationId, world.organizationId), eq(dueItems.customerId, customerId)))
      .orderBy(dueItems.dueAt),
  );

/** Sets aside what is due for a customer next, as a worker does after the third failure. */
async function setAside(customerId: string, reason: string): Promise<string> {
  const open = (await items(customerId)).find((item) => !item.doneAt && !item.parkedAt);
  if (!open) throw new Error('nothing is due');
  await withTenant(world.databases, world.organizationId, async (tx) => {
    await tx
      .update(dueItems)
      .set({ attempts: 3, lastError: reason, parkedAt: new Date('2026-03-02T00:00:00Z') })
      .where(and(eq(dueItems.organizationId, world.organizationId), eq(dueItems.id, open.id)));
    await tx
      .update(customers)
      .set({ parkedReason: reason })
      .where(and(eq(customers.organizationId, world.organizationId), eq(customers.id, customerId)));
  });
  return open.id;
}

const work = () =>
  withTenant(world.databases, world.organizationId, (tx) =>
    workRows(tx, world.organizationId, Date.parse('2026-03-02T00:00:00Z')),
  );

it('shows set-aside work with its reason, takes it up again once, and only for those who may', async () => {
  await world.plan('basic', { pay_in_advance: false });
  const customerId = await world.customer('ines');
  await world.subscribe(customerId, 'basic');
  const id = await setAside(customerId, 'the tax is not known');
  expect(await work()).toMatchObject([
    {
      kind: 'parked',
      id,
      customerId,
      name: 'ines',
      number: 'subscription.bill',
      detail: 'the tax is not known',
    },
  ]);

  const support = world.person(['support']);
  await expect(world.run(retryDueWork, { dueItemId: id }, support)).rejects.toMatchObject({
    failure: { kind: 'forbidden' },
  });
  const engineer = world.person(['engineer']);
  await world.run(retryDueWork, { dueItemId: id }, engineer);
  expect((await items(customerId)).find((item) => item.id === id)).toMatchObject({
    parkedAt: null,
    attempts: 0,
  });
  expect(await work()).toEqual([]);
  const [customer] = await withTenant(world.databases, world.organizationId, (tx) =>
    tx.select().from(customers).where(eq(customers.id, customerId)),
  );
  expect(customer?.parkedReason).toBeNull();
  await expect(world.run(retryDueWork, { dueItemId: id }, engineer)).rejects.toMatchObject({
    failure: { kind: 'conflict' },
  });
  await world.move('2026-04-02T00:00:00Z');
  expect(await world.invoices(customerId)).toHaveLength(1);
});

it('keeps the mark of a customer as long as anything of theirs is set aside', async () => {
  await world.plan('arrears', { pay_in_advance: false });
  const customerId = await world.customer('karl');
  await world.subscribe(customerId, 'arrears', { externalId: 'karl-1' });
  await world.subscribe(customerId, 'arrears', { externalId: 'karl-2' });
  const first = await setAside(customerId, 'one');
  const second = await setAside(customerId, 'two');
  expect(first).not.toBe(second);
  await world.run(retryDueWork, { dueItemId: first });
  const mark = async () =>
    (
      await withTenant(world.databases, world.organizationId, (tx) =>
        tx.select().from(customers).where(eq(customers.id, customerId)),
      )
    )[0]?.parkedReason;
  expect(await mark()).toBe('two');
  await world.run(retryDueWork, { dueItemId: second });
  expect(await mark()).toBeNull();
});
