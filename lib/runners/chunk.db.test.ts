import { and, asc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Databases, openDatabases, type Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { customers, dueItems, fees, invoices, priceOverrides, subscriptions } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { runCommand } from '@/lib/commands/core/execute';
import { applyDiscount } from '@/lib/commands/discounts/apply-discount';
import { dueHandlers } from '@/lib/commands/due';
import { checkBooks } from '@/lib/queries/books';
import { activity } from '@/lib/queries/console/activity';
import { customerFacts, customerSubscriptions } from '@/lib/queries/console/customer';
import { customerFigures } from '@/lib/queries/console/customer-figures';
import { customerMoney } from '@/lib/queries/console/customer-money';
import { customersPage } from '@/lib/queries/console/customers';
import { invoiceStandings } from '@/lib/queries/console/invoice-figures';
import { invoicesPage } from '@/lib/queries/console/invoices';
import { paymentsPage } from '@/lib/queries/console/payments';
import { workRows } from '@/lib/queries/console/today';
import { moveClock } from './clock.ts';
import { CHUNK } from './due-chunk.ts';
import {
  newCustomer,
  newOrganization,
  newSubscription,
  openRunnersWorld,
  type RunnersWorld,
  readDue,
} from './testing/world.ts';
import { startWorkers } from './worker.ts';

let world: RunnersWorld;
let counted: Databases;
let statements: string[] = [];
const START = Date.parse('2026-01-10T12:00:00Z');
const BILLING_DAY = Date.parse('2026-02-01T00:00:00Z');
const SYSTEM = { type: 'system', name: 'Test' } as const;

beforeAll(async () => {
  world = await openRunnersWorld();
  counted = openDatabases(world.urls, {}, { logQuery: (query) => statements.push(query) });
});
afterAll(async () => {
  await counted.close();
  await world.close();
});

/** Active customers whose bills all fall due on the same day; every tenth of the first forty has a discount. */
async function company(count: number): Promise<string> {
  const { databases } = world;
  const organizationId = await newOrganization(databases, 'sandbox', START);
  const model = await newCustomer(databases, organizationId, 'customer-0');
  const subscriptionId = await newSubscription(databases, organizationId, model);
  await withTenant(databases, organizationId, async (tx) => {
    const [customer] = await tx.select().from(customers).where(eq(customers.id, model));
    const [subscription] = await tx.select().from(subscriptions).where(eq(subscriptions.id, subscriptionId));
    const items = await tx.select().from(dueItems).where(eq(dueItems.subjectId, subscriptionId));
    const copies = Array.from({ length: count - 1 }, (_, n) => ({ n: n + 1, id: newId(), own: newId() }));
    await tx.insert(customers).values(
      copies.map(({ n, id }) => ({
        ...customer!,
        id,
        externalId: `customer-${n}`,
        slug: `customer-${n}`,
        sequentialId: n + 1,
      })),
    );
    await tx
      .insert(subscriptions)
      .values(copies.map(({ id, own }) => ({ ...subscription!, id: own, customerId: id, externalId: own })));
    await tx
      .insert(dueItems)
      .values(
        copies.flatMap(({ id, own }) =>
          items.map((item) => ({ ...item, id: newId(), customerId: id, subjectId: own })),
        ),
      );
  });
  for (let n = 0; n < Math.min(count, 40); n += 10) {
    const customerId = await idOf(organizationId, `customer-${n}`);
    const input = { customerId, percent: '10', bills: 2 };
    await runCommand(databases, applyDiscount, { organizationId, actor: SYSTEM, input });
  }
  return organizationId;
}

async function idOf(organizationId: string, externalId: string): Promise<string> {
  const [row] = await withTenant(world.databases, organizationId, (tx) =>
    tx
      .select({ id: customers.id })
      .from(customers)
      .where(and(eq(customers.organizationId, organizationId), eq(customers.externalId, externalId))),
  );
  return row!.id;
}

/** Everything that says something about the bills, without the ids. */
function billsOf(organizationId: string) {
  return withTenant(world.databases, organizationId, (tx) =>
    tx
      .select({
        customer: customers.externalId,
        number: sql<string>`substr(${invoices.number}, length(${invoices.number}) - 6)`,
        status: invoices.status,
        issuingDate: invoices.issuingDate,
        billedAt: invoices.billedAt,
        couponsAmountMinor: invoices.couponsAmountMinor,
        totalAmountMinor: invoices.totalAmountMinor,
        line: fees.itemCode,
        lineMinor: fees.amountMinor,
        from: fees.fromDatetime,
        to: fees.toDatetime,
      })
      .from(invoices)
      .innerJoin(
        customers,
        and(eq(customers.organizationId, organizationId), eq(customers.id, invoices.customerId)),
      )
      .innerJoin(fees, and(eq(fees.organizationId, organizationId), eq(fees.invoiceId, invoices.id)))
      .where(eq(invoices.organizationId, organizationId))
      .orderBy(asc(customers.sequentialId), asc(invoices.billedAt), asc(fees.position)),
  );
}

async function expectSoundBooks(organizationId: string): Promise<void> {
  const broken = await withTenant(world.databases, organizationId, (tx) => checkBooks(tx, organizationId));
  expect(broken).toEqual([]);
}

const EVERYBODY = { view: 'all', plan: null, search: null } as const;
const EVERYTHING = { view: 'all', currency: null, search: null } as const;

/** How many statements each screen of the console needs for this company. */
async function readStatements(organizationId: string): Promise<Record<string, number>> {
  const customerId = await idOf(organizationId, 'customer-0');
  const byName = { ...EVERYBODY, sort: 'name' } as const;
  const reads: Record<string, (tx: Tx) => Promise<unknown>> = {
    customers: (tx) => customersPage(tx, organizationId, byName, null, BILLING_DAY),
    customersFigures: (tx) => customerFigures(tx, organizationId, byName, null, BILLING_DAY),
    invoices: (tx) => invoicesPage(tx, organizationId, EVERYTHING, null),
    invoicesFigures: (tx) => invoiceStandings(tx, organizationId),
    payments: (tx) => paymentsPage(tx, organizationId, false),
    activity: (tx) => activity(tx, organizationId, {}),
    today: (tx) => workRows(tx, organizationId, BILLING_DAY),
    customer: (tx) => customerFacts(tx, organizationId, customerId),
    subscriptions: (tx) => customerSubscriptions(tx, organizationId, customerId),
    money: (tx) => customerMoney(tx, organizationId, customerId, BILLING_DAY),
  };
  const counts: Record<string, number> = {};
  await withTenant(counted, organizationId, async (tx) => {
    for (const [name, read] of Object.entries(reads)) {
      statements = [];
      await read(tx);
      counts[name] = statements.length;
      expect(statements.length, name).toBeLessThanOrEqual(
        name === 'money' ? 6 : name === 'customersFigures' ? 2 : 1,
      );
    }
  });
  return counts;
}

describe('lists', () => {
  it('show every customer once, page after page in their order', async () => {
    const organizationId = await company(12);
    for (const sort of ['name', 'newest'] as const) {
      const seen: string[] = [];
      let after: string | null | undefined;
      while (after !== null) {
        const from = after;
        const found = await withTenant(world.databases, organizationId, (tx) =>
          customersPage(tx, organizationId, { ...EVERYBODY, sort }, null, START, from, 5),
        );
        seen.push(...found.rows.map(({ id }) => id));
        after = found.next;
      }
      const once = new Set(seen);
      expect([sort, seen.length, once.size]).toEqual([sort, 12, 12]);
    }
  }, 60_000);
});

describe('bills of many customers due at one instant', () => {
  it('are the same together as one by one, billed and read in a number of statements that does not grow with them', async () => {
    const [together, oneByOne, few] = [await company(40), await company(40), await company(12)];
    await moveClock(world.databases, oneByOne, BILLING_DAY, { handlers: dueHandlers });
    const costs: number[] = [];
    for (const organizationId of [few, together]) {
      statements = [];
      await moveClock(counted, organizationId, BILLING_DAY);
      costs.push(statements.length);
    }
    const bills = await billsOf(together);
    expect(bills).toHaveLength(40);
    expect(bills).toEqual(await billsOf(oneByOne));
    expect(bills.filter(({ couponsAmountMinor }) => couponsAmountMinor > 0n)).toHaveLength(4);
    expect(costs[1]).toBe(costs[0]);
    expect(costs[1]).toBeLessThan(60);
    await expectSoundBooks(together);
    expect(await readStatements(together)).toEqual(await readStatements(few));
    const due = (await readDue(world.databases, together)).filter(({ doneAt }) => !doneAt);
    expect(due.filter(({ kind }) => kind === 'subscription.bill')).toHaveLength(40);
  }, 90_000);

  it('leave out only the one whose data is broken, set aside with the reason', async () => {
    // Two chunks beside one another: one goes through whole, the other's customers one by one.
    const organizationId = await company(CHUNK + 20);
    const sick = await breakPrices(organizationId, `customer-${CHUNK + 7}`);
    await moveClock(world.databases, organizationId, BILLING_DAY);
    await expectAllBut(organizationId, sick);
  });

  it('leave out only the broken one when workers do it, also beside one another', async () => {
    const organizationId = await company(40);
    const sick = await breakPrices(organizationId, 'customer-9');
    await withTenant(world.databases, organizationId, (tx) =>
      tx.execute(sql`update organizations set clock_now = ${new Date(BILLING_DAY).toISOString()}::timestamptz
        where id = ${organizationId}`),
    );
    const workers = [1, 2].map(() => startWorkers({ databases: world.databases, pollMs: 10, retryMs: 1 }));
    // The broken one may be set aside before the last of the others has had its turn.
    await expect.poll(() => waitingOf(organizationId), { timeout: 20_000, interval: 50 }).toHaveLength(0);
    await Promise.all(workers.map((worker) => worker.stop()));
    await expectAllBut(organizationId, sick);
  });
});

/** Own prices that no bill can be worked out from. */
async function breakPrices(organizationId: string, externalId: string): Promise<string> {
  const customerId = await idOf(organizationId, externalId);
  await withTenant(world.databases, organizationId, async (tx) => {
    const [subscription] = await tx
      .select()
      .from(subscriptions)
      .where(eq(subscriptions.customerId, customerId));
    const at = new Date(START);
    await tx.insert(priceOverrides).values({
      organizationId,
      id: newId(),
      subscriptionId: subscription!.id,
      patch: { amountMinor: 'ten' },
      createdAt: at,
      updatedAt: at,
    });
  });
  return customerId;
}

/** What is due by the billing day and neither done nor set aside. */
async function waitingOf(organizationId: string) {
  return (await readDue(world.databases, organizationId)).filter(
    ({ dueAt, doneAt, parkedAt }) => dueAt.getTime() <= BILLING_DAY && !doneAt && !parkedAt,
  );
}

async function parkedOf(organizationId: string) {
  return (await readDue(world.databases, organizationId)).filter(({ parkedAt }) => parkedAt);
}

async function expectAllBut(organizationId: string, sick: string): Promise<void> {
  const parked = await parkedOf(organizationId);
  expect(parked).toMatchObject([{ customerId: sick, kind: 'subscription.bill', attempts: 3, doneAt: null }]);
  expect(parked[0]?.lastError).toContain('ten');
  const bills = await billsOf(organizationId);
  const due = await readDue(world.databases, organizationId);
  const done = due.filter(({ kind, doneAt }) => kind === 'subscription.bill' && doneAt);
  expect(bills).toHaveLength(done.length);
  expect(new Set(done.map(({ customerId }) => customerId)).size).toBe(
    new Set(due.map(({ customerId }) => customerId)).size - 1,
  );
  await expectSoundBooks(organizationId);
}
