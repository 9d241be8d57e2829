import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { withTenant } from '@/db/tenancy';
import { grantCreditsCommand } from '@/lib/commands/credits/grant';
import { openSandbox, type Sandbox } from '@/lib/commands/testing/sandbox';
import { foldTallies } from '@/lib/runners/tallies';
import { checkBooks, INVARIANTS } from '../books';
import { accountTotals } from './books';
import { type CustomerFigures, customerFigures } from './customer-figures';
import { type CustomerView, customersPage } from './customers';
import { invoiceStandings, invoiceViewCounts, matchingTotals, viewTotals } from './invoice-figures';
import { invoicesPage } from './invoices';
import { matchingCustomers } from './matching-customers';
import { matchingInvoices } from './matching-invoices';
import { findCustomers, findInvoices } from './search';

let world: Sandbox;

beforeAll(async () => {
  world = await openSandbox('2026-03-01T00:00:00Z');
});
afterAll(() => world.close());

const totals = () =>
  withTenant(world.databases, world.organizationId, (tx) => accountTotals(tx, world.organizationId));

it('has two equal sides, and the documents say the same', async () => {
  expect(await totals()).toEqual([]);
  await world.plan('crew');
  const customerId = await world.customer('ines');
  await world.subscribe(customerId, 'crew');
  await world.run(grantCreditsCommand, { customerId, amountMinor: '5000', currency: 'USD', expiresAt: null });
  await world.move('2026-04-02T00:00:00Z');
  const rows = await totals();
  const balance = (kind: string) => rows.find((row) => row.kind === kind)?.balanceMinor;
  // Two bills of $140.00, the second one paid in part with $50.00 of free credits.
  expect(balance('receivable')).toBe('23000');
  expect(balance('free_credit_liability')).toBe('0');
  expect(rows.reduce((sum, row) => sum + BigInt(row.balanceMinor), 0n)).toBe(0n);
  const told = rows.filter((row) => row.documentsMinor !== null);
  expect(told.map(({ kind }) => kind)).toContain('receivable');
  expect(told.filter((row) => row.documentsMinor !== row.balanceMinor)).toEqual([]);
});

it('gives every check a name of its own', () => {
  expect(new Set(INVARIANTS.map(({ name }) => name)).size).toBe(INVARIANTS.length);
});

const inTenant = <T>(read: (tx: Tx) => Promise<T>) => withTenant(world.databases, world.organizationId, read);
const broken = async () =>
  (await inTenant((tx) => checkBooks(tx, world.organizationId))).map(({ name }) => name);
const ALL = { view: 'all', currency: null, search: null } as const;

describe('kept sums', () => {
  beforeAll(async () => {
    await world.plan('tried', { trial_period: '30' });
    for (const name of ['Northwind', 'Harbour Mills', 'Tidewharf']) {
      const customerId = await world.customer(name);
      await world.subscribe(customerId, name === 'Tidewharf' ? 'tried' : 'crew');
    }
    await world.customer('nobody yet');
    await world.move('2026-04-20T00:00:00Z');
  });

  const figures = (view: CustomerView = 'all', search: string | null = null): Promise<CustomerFigures> =>
    inTenant(async (tx) => {
      const filter = { view, sort: 'name', plan: null, search } as const;
      const now = Date.parse('2026-04-20T00:00:00Z');
      const matching = await matchingCustomers(tx, search);
      const { rows } = await customersPage(tx, world.organizationId, filter, matching, now);
      const found = await customerFigures(tx, world.organizationId, filter, matching, now);
      expect([view, found.totals?.customers]).toEqual([view, rows.length]);
      return found;
    });

  it('say of customers what their rows say, and a trial ends by the clock alone', async () => {
    const { counts, totals } = await figures();
    expect(counts).toEqual({ all: 5, paying: 3, trials: 1, owes: 3, left: 0 });
    expect(totals?.perCurrency).toEqual([
      { currency: 'USD', customers: 5, mrrMinor: '42000', owesMinor: '50066' },
    ]);
    for (const view of ['paying', 'trials', 'owes', 'left'] as const) await figures(view);
    expect((await figures('all', 'wharf')).totals?.customers).toBe(1);
    const later = await inTenant((tx) =>
      customerFigures(
        tx,
        world.organizationId,
        { view: 'all', sort: 'name', plan: null, search: null },
        null,
        Date.parse('2026-06-01T00:00:00Z'),
      ),
    );
    expect([later.counts.paying, later.counts.trials]).toEqual([4, 0]);
  });

  it('say of invoices what their rows say, all and found by words', async () => {
    const found = await inTenant(async (tx) => {
      const standings = await invoiceStandings(tx, world.organizationId);
      const matching = await matchingInvoices(tx, 'ines');
      return {
        counts: invoiceViewCounts(standings),
        totals: viewTotals(standings, ALL),
        rows: (await invoicesPage(tx, world.organizationId, ALL, null)).rows,
        matching: matching && (await matchingTotals(tx, world.organizationId, ALL, matching)),
        matchingRows: (await invoicesPage(tx, world.organizationId, ALL, matching)).rows,
      };
    });
    const sums = (rows: typeof found.rows) => [
      {
        currency: 'USD',
        count: rows.length,
        totalMinor: String(rows.reduce((sum, row) => sum + BigInt(row.totalMinor), 0n)),
        dueMinor: String(rows.reduce((sum, row) => sum + BigInt(row.dueMinor), 0n)),
      },
    ];
    expect(found.counts).toEqual({ drafts: 0, open: 4, overdue: 4, failed: 0, all: 4 });
    expect(found.totals).toEqual(sums(found.rows));
    expect(found.matching).toEqual(sums(found.matchingRows));
    expect(found.matchingRows).toHaveLength(2);
  });

  it('find a customer by the middle of a word and an invoice by the end of its number', async () => {
    const now = Date.parse('2026-04-20T00:00:00Z');
    const names = await inTenant((tx) => findCustomers(tx, world.organizationId, 'WHARF', now));
    expect(names.map(({ name }) => name)).toEqual(['Tidewharf']);
    const [first] = (await inTenant((tx) => invoicesPage(tx, world.organizationId, ALL, null))).rows;
    const end = first?.number?.split('-').at(-1) ?? '';
    const numbers = await inTenant((tx) => findInvoices(tx, world.organizationId, end));
    expect(numbers.map(({ number }) => number)).toContain(first?.number);
    const others = await withTenant(world.databases, newId(), (tx) =>
      findCustomers(tx, world.organizationId, 'WHARF', now),
    );
    expect(others).toEqual([]);
  });

  it('stay the same when they are folded, and the books tell when they are wrong', async () => {
    const before = await figures();
    const spoil = (times: number, count: number) =>
      inTenant((tx) =>
        tx.execute(sql`
          insert into tallies (organization_id, subject, key, currency, count, amount_minor, due_minor)
          select ${world.organizationId}, 'invoices', 'settled', 'USD', ${count}::int, 0, 0
          from generate_series(1, ${times}::int)`),
      );
    await spoil(20, 1);
    await spoil(20, -1);
    await foldTallies(world.databases);
    expect(await figures()).toEqual(before);
    expect(await broken()).toEqual([]);
    await spoil(1, 1);
    expect(await broken()).toEqual(['The lists of invoices count and add up what invoices say']);
    await spoil(1, -1);
  });
});
