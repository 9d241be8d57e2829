import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@/db/ids';
import { createTestDatabase, type TestDatabase } from '@/scripts/test-db';
import { type Databases, openDatabases, type Tx } from './clients.ts';
import { insertNewRows, insertRows } from './insert-rows.ts';
import {
  dueItems,
  fees,
  feeTaxes,
  ledgerAccounts,
  ledgerEntries,
  ledgerPostings,
  organizations,
  taxes,
} from './schema/index.ts';
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

describe('many rows at once', () => {
  const due = (key: string, more: Partial<typeof dueItems.$inferInsert> = {}) => ({
    organizationId: first,
    id: newId(),
    kind: 'invoice.overdue',
    key,
    rank: 6,
    dueAt: now,
    subjectId: first,
    payload: { key, list: ['{"a", b}', null, 1] },
    createdAt: now,
    ...more,
  });
  const keys = [
    '',
    'null',
    '{a,b}',
    'say "so"',
    'back\\slash\\"',
    'two\nlines',
    'ünï',
    "it's $1",
    'a "tab\t" 😀',
  ];

  it('are what the ORM would have written', async () => {
    const rows = keys.map((key, place) => due(key, place === 0 ? {} : { customerId: second }));
    const read = await withTenant(databases, first, async (tx) => {
      await insertRows(tx, dueItems, rows);
      const written = await tx.select().from(dueItems).orderBy(dueItems.id);
      await tx.delete(dueItems);
      await tx.insert(dueItems).values(rows);
      expect(written).toEqual(await tx.select().from(dueItems).orderBy(dueItems.id));
      return written;
    });
    expect(read.map(({ key }) => key)).toEqual(keys);
    expect(read.map(({ customerId }) => customerId)).toEqual([null, ...keys.slice(1).map(() => second)]);
  });

  it('leave out what is there, and refuse a default in some of the rows only', async () => {
    await withTenant(databases, first, async (tx) => {
      const fresh = due('fresh');
      const added = await insertNewRows(tx, dueItems, [due('null'), fresh]);
      expect([...added]).toEqual([fresh.id]);
      const some = [due('x'), due('y', { payload: undefined })];
      await expect(insertRows(tx, dueItems, some)).rejects.toThrow('due_items.payload');
    });
  });

  it('are held by row-level security', async () => {
    const foreign = due('foreign', { organizationId: second });
    await expect(withTenant(databases, first, (tx) => insertRows(tx, dueItems, [foreign]))).rejects.toThrow();
  });
});

describe('references checked once a statement', () => {
  const shared = { currency: 'USD', createdAt: now };
  const fee = (organizationId: string) => ({
    organizationId,
    id: newId(),
    customerId: newId(),
    feeType: 'charge' as const,
    itemCode: 'requests',
    itemName: 'Requests',
    units: '1',
    amountMinor: 1n,
    preciseAmountMinor: '1',
    unitAmountMinor: 1n,
    preciseUnitAmount: '1',
    ...shared,
  });
  const tax = (feeId: string) => ({
    ...{ organizationId: first, id: newId(), feeId, taxCode: 'vat', taxName: 'VAT', taxRate: '20' },
    ...{ amountMinor: 1n, preciseAmountMinor: '1', ...shared },
  });
  const account = (organizationId: string) => ({
    organizationId,
    id: newId(),
    kind: 'cash' as const,
    currency: 'USD',
  });
  const entry = () => ({
    ...{ organizationId: first, id: newId(), entry: 'received', sourceType: 'payment', sourceId: newId() },
    ...{ occurredAt: now, createdAt: now },
  });
  const posting = (entryId: string, accountId: string) => ({
    ...{ organizationId: first, id: newId(), entryId, accountId, amountMinor: 1n },
    ...{ currency: 'USD', occurredAt: now },
  });
  const refused = (tx: Tx, work: (tx: Tx) => Promise<unknown>) =>
    expect(tx.transaction(work)).rejects.toMatchObject({ cause: { code: '23503' } });

  it('hold rows to parents of their own organisation, and parents to their rows', async () => {
    const [line, foreignLine] = [fee(first), fee(second)];
    const [own, foreign, made] = [account(first), account(second), entry()];
    const all = withSystem(databases, async (tx) => {
      await insertRows(tx, fees, [line, foreignLine]);
      await insertRows(tx, feeTaxes, [tax(line.id)]);
      await insertRows(tx, ledgerAccounts, [own, foreign]);
      await insertRows(tx, ledgerEntries, [made]);
      await insertRows(tx, ledgerPostings, [posting(made.id, own.id)]);
      for (const id of [newId(), foreignLine.id]) {
        await refused(tx, (inner) => insertRows(inner, feeTaxes, [tax(id)]));
      }
      for (const id of [newId(), foreign.id]) {
        const postings = [posting(made.id, own.id), posting(made.id, id)];
        await refused(tx, (inner) => insertRows(inner, ledgerPostings, postings));
      }
      await refused(tx, (inner) => insertRows(inner, ledgerPostings, [posting(newId(), own.id)]));
      await refused(tx, (inner) => inner.delete(fees).where(eq(fees.id, line.id)));
      await refused(tx, (inner) => inner.update(fees).set({ id: newId() }).where(eq(fees.id, line.id)));
      await refused(tx, (inner) =>
        inner.update(feeTaxes).set({ feeId: foreignLine.id }).where(eq(feeTaxes.feeId, line.id)),
      );
      await refused(tx, (inner) => inner.delete(ledgerAccounts).where(eq(ledgerAccounts.id, own.id)));
      await tx.delete(fees).where(eq(fees.id, foreignLine.id));
      throw new Error('all of it is taken back');
    });
    await expect(all).rejects.toThrow('all of it is taken back');
  });
});
