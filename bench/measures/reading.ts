import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import type { Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { withTenant } from '@/db/tenancy';
import { customersPage, customersTotals, viewCounts } from '@/lib/queries/console/customers';
import { invoicesPage, invoicesTotals } from '@/lib/queries/console/invoices';
import { findCustomers } from '@/lib/queries/console/search';
import { moveClock } from '@/lib/runners/clock';
import { foldUsage } from '@/lib/usage/fold';
import { storeEvents } from '@/lib/usage/ingest';
import { loadUsage } from '@/lib/usage/store';
import { assertSoundBooks, copyCustomer, foundCompany, newCustomer, use } from '../company.ts';
import { openFirm } from '../firm.ts';
import { type Figure, figureOf, type Measure, quantile, timed } from '../measure.ts';
import type { BenchDatabase, BenchWorld } from '../world.ts';

const EVENTS = Number(process.env.BENCH_EVENTS ?? 200_000);
const CUSTOMERS = Number(process.env.BENCH_CUSTOMERS ?? 5_000);
const BATCH = 1_000;
const READS = 200;
const DAY = 86_400_000;
const START = Date.parse('2026-05-01T14:00:00Z');
const BILLING_DAY = Date.parse('2026-06-01T04:00:00Z');

const everybody = { view: 'all', sort: 'name', plan: null, search: null } as const;
const everything = { view: 'all', currency: null, search: null } as const;

/** What screens and bills read: a month of one busy subscription from its rollups, and lists at any depth. */
export const reading: Measure = {
  name: 'reading',
  async run(world) {
    return [...(await usageOfAMonth(world)), ...(await lists(world))];
  },
};

type Read = (tx: Tx) => Promise<unknown>;
type InTenant = (read: Read) => Promise<unknown>;

/** p95 of reads, each within the transaction a request has, in milliseconds. */
async function p95(inTenant: InTenant, read: Read, times = READS): Promise<number> {
  for (let warm = 0; warm < 5; warm++) await inTenant(read);
  const took: number[] = [];
  for (let n = 0; n < times; n++) {
    await inTenant(async (tx) => {
      took.push(await timed(() => read(tx)));
    });
  }
  return quantile(took, 0.95);
}

const one: Read = (tx) => tx.execute(sql`select 1`);

/** Statistics as autovacuum would have them by now. Only the owner may. */
async function analyze({ ownerUrl }: BenchDatabase): Promise<void> {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    await owner`vacuum analyze`;
  } finally {
    await owner.end();
  }
}

async function usageOfAMonth(world: BenchWorld): Promise<Figure[]> {
  const database = await world.newDatabase();
  try {
    const { databases } = database;
    const { organizationId } = await openFirm(database, 2);
    const to = Date.now();
    const from = to - 30 * DAY;
    for (let start = 0; start < EVENTS; start += BATCH) {
      const batch = Array.from({ length: BATCH }, (_, n) => ({
        externalSubscriptionId: 'sub-0',
        code: 'calls',
        transactionId: newId(),
        timestamp: from + Math.floor(((to - from) * (start + n)) / EVENTS),
        properties: { value: (start + n) % 97 },
        preciseTotalAmountMinor: null,
      }));
      await withTenant(databases, organizationId, (tx) => storeEvents(tx, organizationId, to, batch));
    }
    await foldUsage(databases, organizationId);
    await analyze(database);
    const inTenant: InTenant = (read) => withTenant(databases, organizationId, read);
    const rolled = (tx: Tx) =>
      loadUsage(
        tx,
        { organizationId },
        {
          externalSubscriptionId: 'sub-0',
          metric: { code: 'calls', aggregationType: 'sum_agg', fieldName: 'value' },
          from,
          to,
          needEvents: false,
          includeHistory: false,
        },
      );
    const raw = (tx: Tx) =>
      tx.execute<{ units: string; count: number }>(sql`
        select sum((properties ->> 'value')::numeric)::text as units, count(*)::int as count from events
        where organization_id = ${organizationId} and external_subscription_id = 'sub-0' and code = 'calls'
          and "timestamp" between ${new Date(from).toISOString()}::timestamptz and ${new Date(to).toISOString()}::timestamptz`);
    await inTenant(async (tx) => {
      const [found, [counted]] = [await rolled(tx), await raw(tx)];
      assert.ok(found.kind === 'sum');
      assert.equal(found.units, counted?.units);
      assert.equal(found.eventsCount, EVENTS);
    });
    const ours = await p95(inTenant, rolled);
    const name = `usage of a month of ${EVENTS.toLocaleString('en')} events, p95`;
    return [
      figureOf(name, 'ms', 'reading the raw events', [ours], [await p95(inTenant, raw, 20)]),
      figureOf(name, 'ms', 'select 1', [ours], [await p95(inTenant, one)]),
    ];
  } finally {
    await database.drop();
  }
}

async function lists(world: BenchWorld): Promise<Figure[]> {
  const database = await world.newDatabase();
  try {
    const { databases } = database;
    const company = await foundCompany(databases, { startsAt: START, mode: 'sandbox', payInAdvance: false });
    const { organizationId } = company;
    const model = await newCustomer(company, 'model');
    const copies = await copyCustomer(company, model, CUSTOMERS - 1);
    await use(company, copies.slice(0, 200), { from: START, to: BILLING_DAY - 1, each: 2 });
    await moveClock(databases, organizationId, BILLING_DAY);
    await analyze(database);
    const inTenant: InTenant = (read) => withTenant(databases, organizationId, read);
    const cursors = await deepCursors(inTenant, organizationId);
    const screens: [string, Read][] = [
      ['customers, first page', (tx) => customersPage(tx, organizationId, everybody, BILLING_DAY)],
      [
        'customers, half-way down',
        (tx) => customersPage(tx, organizationId, everybody, BILLING_DAY, cursors.customer),
      ],
      ['customers, totals', (tx) => customersTotals(tx, organizationId, everybody, BILLING_DAY)],
      ['customers, views counted', (tx) => viewCounts(tx, organizationId, BILLING_DAY)],
      ['invoices, first page', (tx) => invoicesPage(tx, organizationId, everything)],
      ['invoices, half-way down', (tx) => invoicesPage(tx, organizationId, everything, cursors.invoice)],
      ['invoices, totals', (tx) => invoicesTotals(tx, organizationId, everything)],
      ['search for a customer', (tx) => findCustomers(tx, organizationId, 'copy-4321', BILLING_DAY)],
    ];
    const limit = await p95(inTenant, one);
    const figures: Figure[] = [];
    for (const [name, read] of screens) {
      figures.push(figureOf(`${name}, p95`, 'ms', 'select 1', [await p95(inTenant, read, 60)], [limit]));
    }
    await assertSoundBooks(company);
    return figures;
  } finally {
    await database.drop();
  }
}

/** Where the middle page of each list begins. */
async function deepCursors(
  inTenant: InTenant,
  organizationId: string,
): Promise<{ customer: string | undefined; invoice: string | undefined }> {
  let customer: string | undefined;
  let invoice: string | undefined;
  await inTenant(async (tx) => {
    for (let page = 0; page < CUSTOMERS / 100; page++) {
      customer = (await customersPage(tx, organizationId, everybody, BILLING_DAY, customer)).next ?? customer;
      invoice = (await invoicesPage(tx, organizationId, everything, invoice)).next ?? invoice;
    }
  });
  return { customer, invoice };
}
