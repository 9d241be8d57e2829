import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { billingEntities, organizations } from '@/db/schema';
import { withSystem, withTenant } from '@/db/tenancy';
import { limitsFor } from './limits.ts';
import { createOrganization, isFirstOrganization, type NewOrganization } from './organizations.ts';
import { NOW, openWorld, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const make = (input: Partial<NewOrganization> = {}) =>
  withSystem(world.databases, (tx) =>
    createOrganization(tx, {
      name: 'Fathomline',
      timezone: 'Europe/Lisbon',
      currency: 'USD',
      country: 'PT',
      mode: 'live',
      now: NOW,
      ...input,
    }),
  );

describe('a new organisation', () => {
  it('knows whether it is the first', async () => {
    const first = () => withSystem(world.databases, (tx) => isFirstOrganization(tx));
    expect(await first()).toBe(true);
    await make();
    expect(await first()).toBe(false);
  });

  it('has its default billing entity and a number prefix of its own', async () => {
    const { organizationId, billingEntityId } = await make({ name: 'Café Ørsted', currency: 'EUR' });
    const [entity] = await withTenant(world.databases, organizationId, (tx) =>
      tx
        .select()
        .from(billingEntities)
        .where(and(eq(billingEntities.organizationId, organizationId), eq(billingEntities.isDefault, true))),
    );
    expect(entity).toMatchObject({
      id: billingEntityId,
      defaultCurrency: 'EUR',
      timezone: 'Europe/Lisbon',
      documentNumberPrefix: `CAF-${organizationId.slice(-4).toUpperCase()}`,
    });
  });

  it('may have a namesake', async () => {
    const [one, two] = [await make({ name: 'Twin' }), await make({ name: 'Twin' })];
    const rows = await withSystem(world.databases, (tx) =>
      tx.select().from(organizations).where(eq(organizations.name, 'Twin')),
    );
    expect(rows.map((row) => row.id).sort()).toEqual([one.organizationId, two.organizationId].sort());
  });

  it('moves its clock by hand unless it is live', async () => {
    const { organizationId } = await make({ mode: 'sandbox' });
    const [row] = await withSystem(world.databases, (tx) =>
      tx.select().from(organizations).where(eq(organizations.id, organizationId)),
    );
    expect(row?.clockNow?.getTime()).toBe(NOW);
  });

  it('says how to mend what cannot be', async () => {
    await expect(make({ name: '  ' })).rejects.toMatchObject({ field: 'name' });
    await expect(make({ timezone: 'Europe/Atlantis' })).rejects.toMatchObject({ field: 'timezone' });
    await expect(make({ currency: 'XYZ' })).rejects.toMatchObject({ field: 'currency' });
    await expect(make({ country: 'Portugal' })).rejects.toMatchObject({ field: 'country' });
  });

  it('starts with the default limits, of which several roles give the wider', async () => {
    const { organizationId } = await make();
    const limits = (...roles: Parameters<typeof limitsFor>[2]) =>
      withTenant(world.databases, organizationId, (tx) => limitsFor(tx, organizationId, roles));
    expect((await limits('support')).credits).toEqual({
      perAct: 50_000n,
      perCustomer30d: 100_000n,
      perPerson30d: 500_000n,
      maxBills: null,
    });
    expect((await limits('support', 'sales')).discount).toMatchObject({ perAct: 3_000n, maxBills: 12 });
    expect((await limits('support', 'sales')).trial).toMatchObject({ perAct: 30n, perCustomer30d: 90n });
    expect((await limits('sales')).refund).toBeUndefined();
    expect((await limits('support', 'finance')).credits?.perAct).toBeNull();
    expect(await limits('growth')).toEqual({});
  });
});
