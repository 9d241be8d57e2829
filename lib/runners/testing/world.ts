import { and, asc, eq } from 'drizzle-orm';
import { type Databases, openDatabases } from '@/db/clients';
import { newId } from '@/db/ids';
import { coupons, customers, dueItems, organizations, outbox, plans, subscriptions } from '@/db/schema';
import { withSystem, withTenant } from '@/db/tenancy';
import { createOrganization } from '@/lib/auth/organizations';
import { runCommand } from '@/lib/commands/core/execute';
import { upsertCustomer } from '@/lib/commands/customers/upsert';
import { type DueItem, dueHandlers } from '@/lib/commands/due';
import { createPlan } from '@/lib/commands/plans/create';
import { createSubscription } from '@/lib/commands/subscriptions/create';
import { type DueInput, schedule } from '@/lib/schedule/due';
import { createTestDatabase } from '@/scripts/test-db';
import type { DueHandlers } from '../due-item.ts';

const SYSTEM = { type: 'system', name: 'Test' } as const;

export interface RunnersWorld {
  databases: Databases;
  urls: { ownerUrl: string; appUrl: string; systemUrl: string };
  close(): Promise<void>;
}

/** A database of its own for one test file. */
export async function openRunnersWorld(): Promise<RunnersWorld> {
  const database = await createTestDatabase();
  const databases = openDatabases(database);
  return {
    databases,
    urls: database,
    async close() {
      await databases.close();
      await database.drop();
    },
  };
}

/** An organisation with a monthly plan "basic" at 10.00 USD; a hand-moved clock begins at `now`. */
export async function newOrganization(
  databases: Databases,
  mode: 'live' | 'sandbox' | 'history',
  now: number,
): Promise<string> {
  const input = { name: `Fathom ${newId()}`, timezone: 'UTC', currency: 'USD', country: 'US', mode, now };
  const { organizationId } = await withSystem(databases, (tx) => createOrganization(tx, input));
  await runCommand(databases, createPlan, {
    organizationId,
    actor: SYSTEM,
    input: {
      name: 'Basic',
      code: 'basic',
      interval: 'monthly',
      amount_cents: 1000n,
      amount_currency: 'USD',
      pay_in_advance: false,
    },
  });
  return organizationId;
}

export async function newCustomer(
  databases: Databases,
  organizationId: string,
  externalId: string,
): Promise<string> {
  const input = { external_id: externalId, name: externalId, currency: 'USD' };
  const customer = await runCommand(databases, upsertCustomer, { organizationId, actor: SYSTEM, input });
  return customer.id;
}

/** A subscription to "basic" made by its command, on the organisation's clock. */
export async function newSubscription(
  databases: Databases,
  organizationId: string,
  customerId: string,
  subscriptionAt?: number,
): Promise<string> {
  const input = { customerId, planCode: 'basic', externalId: newId(), subscriptionAt };
  return (await runCommand(databases, createSubscription, { organizationId, actor: SYSTEM, input })).id;
}

/** Customers whose pending subscriptions should have been activated at `dueAt`: work that waited for workers. */
export async function overdueActivations(
  databases: Databases,
  organizationId: string,
  count: number,
  dueAt: number,
): Promise<string[]> {
  const model = await newCustomer(databases, organizationId, 'customer-0');
  const first = await pendingSubscription(databases, organizationId, model, dueAt);
  return withTenant(databases, organizationId, async (tx) => {
    const [customer] = await tx.select().from(customers).where(eq(customers.id, model));
    const [subscription] = await tx.select().from(subscriptions).where(eq(subscriptions.id, first));
    const [item] = await tx.select().from(dueItems).where(eq(dueItems.subjectId, first));
    const more = Array.from({ length: count - 1 }, (_, n) => ({
      n: n + 1,
      id: newId(),
      customerId: newId(),
    }));
    await tx.insert(customers).values(
      more.map(({ n, customerId }) => ({
        ...customer!,
        id: customerId,
        externalId: `customer-${n}`,
        slug: `customer-${n}`,
        sequentialId: n + 1,
      })),
    );
    await tx
      .insert(subscriptions)
      .values(more.map(({ id, customerId }) => ({ ...subscription!, id, customerId, externalId: id })));
    await tx
      .insert(dueItems)
      .values(more.map(({ id, customerId }) => ({ ...item!, id: newId(), subjectId: id, customerId })));
    return [first, ...more.map(({ id }) => id)];
  });
}

export async function pendingSubscription(
  databases: Databases,
  organizationId: string,
  customerId: string,
  dueAt: number,
  trialEndsAt: number | null = null,
): Promise<string> {
  return withTenant(databases, organizationId, async (tx) => {
    const [plan] = await tx.select().from(plans).where(eq(plans.organizationId, organizationId));
    const id = newId();
    const at = new Date(dueAt);
    await tx.insert(subscriptions).values({
      organizationId,
      id,
      customerId,
      planId: plan!.id,
      planVersionId: plan!.currentVersionId!,
      externalId: id,
      status: 'pending',
      subscriptionAt: at,
      trialEndsAt: trialEndsAt === null ? null : new Date(trialEndsAt),
      createdAt: at,
      updatedAt: at,
    });
    await schedule(tx, organizationId, dueAt, {
      kind: 'subscription.activate',
      key: 'once',
      dueAt,
      customerId,
      subjectId: id,
    });
    return id;
  });
}

/** A coupon that ends at `endsAt`, with the due row that ends it. */
export async function expiringCoupon(
  databases: Databases,
  organizationId: string,
  endsAt: number,
  customerId: string | null = null,
): Promise<string> {
  return withTenant(databases, organizationId, async (tx) => {
    const id = newId();
    await tx.insert(coupons).values({
      organizationId,
      id,
      code: id,
      name: 'Welcome',
      couponType: 'percentage',
      percentageRate: '10',
      frequency: 'once',
      expiration: 'time_limit',
      expirationAt: new Date(endsAt),
      createdAt: new Date(endsAt),
    });
    await schedule(tx, organizationId, endsAt, {
      kind: 'coupon.expire',
      key: 'once',
      dueAt: endsAt,
      customerId,
      subjectId: id,
    });
    return id;
  });
}

/** Work that can never succeed: the activation of a subscription that is not there. */
export async function poison(
  databases: Databases,
  organizationId: string,
  dueAt: number,
  customerId: string,
): Promise<string> {
  const item: DueInput = {
    kind: 'subscription.activate',
    key: 'poison',
    dueAt,
    customerId,
    subjectId: newId(),
  };
  await withTenant(databases, organizationId, (tx) => schedule(tx, organizationId, dueAt, item));
  return item.subjectId;
}

/** The product's handlers, each noting that it began and at which `now`. */
export function noting(notes: { item: DueItem; now: number }[]): DueHandlers {
  const entries = Object.entries(dueHandlers).map(([kind, handler]) => [
    kind,
    async (...[ctx, item]: Parameters<typeof handler>) => {
      notes.push({ item, now: ctx.now });
      await handler(ctx, item);
    },
  ]);
  return Object.fromEntries(entries) as DueHandlers;
}

export function readDue(databases: Databases, organizationId: string) {
  return withTenant(databases, organizationId, (tx) =>
    tx
      .select()
      .from(dueItems)
      .where(eq(dueItems.organizationId, organizationId))
      .orderBy(asc(dueItems.dueAt), asc(dueItems.rank), asc(dueItems.id)),
  );
}

export function readMessages(databases: Databases, organizationId: string, type: string) {
  return withTenant(databases, organizationId, (tx) =>
    tx
      .select()
      .from(outbox)
      .where(and(eq(outbox.organizationId, organizationId), eq(outbox.type, type)))
      .orderBy(asc(outbox.createdAt), asc(outbox.id)),
  );
}

export async function readOrganization(databases: Databases, organizationId: string) {
  const rows = await withSystem(databases, (tx) =>
    tx.select().from(organizations).where(eq(organizations.id, organizationId)),
  );
  return rows[0]!;
}

export async function readCustomer(databases: Databases, organizationId: string, customerId: string) {
  const rows = await withTenant(databases, organizationId, (tx) =>
    tx
      .select()
      .from(customers)
      .where(and(eq(customers.organizationId, organizationId), eq(customers.id, customerId))),
  );
  return rows[0]!;
}
