import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@/db/ids';
import { createTestDatabase, type TestDatabase } from '@/scripts/test-db';
import { type Databases, openDatabases } from './clients.ts';
import { ledgerEntries, organizations, taxes } from './schema/index.ts';
import { withSystem, withTenant } from './tenancy.ts';

let database: TestDatabase;
let databases: Databases;
const [first, second] = [newId(), newId()];
const now = new Date('2026-01-01T00:00:00Z');

beforeAll(async () => {
  database = await createTestDatabase();
  databases = openDatabases(database);
  await withSystem(databases, async (tx) => {
    for (const id of [first, second]) {
      await tx
        .insert(organizations)
        .values({ id, name: id, slug: id, mode: 'live', hmacKey: 'k', createdAt: now });
    }
  });
});

afterAll(async () => {
  await databases.close();
  await database.drop();
});

describe('tenancy', () => {
  it('shows an organisation its own rows only, whatever the query asks for', async () => {
    const tax = (organizationId: string) => ({
      organizationId,
      id: newId(),
      code: 'vat',
      name: 'VAT',
      rate: '20',
      createdAt: now,
    });
    await withTenant(databases, first, (tx) => tx.insert(taxes).values(tax(first)));
    await withTenant(databases, second, (tx) => tx.insert(taxes).values(tax(second)));
    const seen = await withTenant(databases, first, (tx) => tx.select().from(taxes));
    expect(seen.map((row) => row.organizationId)).toEqual([first]);
    await expect(
      withTenant(databases, first, (tx) => tx.insert(taxes).values({ ...tax(second), code: 'other' })),
    ).rejects.toThrow();
  });

  it('gives the app role nothing without a tenant', async () => {
    const rows = await databases.app.transaction((tx) => tx.select().from(taxes));
    expect(rows).toEqual([]);
  });

  it('keeps ledger rows from being changed by any role of a running server', async () => {
    for (const client of [databases.app, databases.system]) {
      await expect(client.execute(sql`update ${ledgerEntries} set entry = 'x'`)).rejects.toThrow();
    }
  });
});
