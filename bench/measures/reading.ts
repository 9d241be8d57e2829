import postgres from 'postgres';
import { withTenant } from '@/db/tenancy';
import { customersPage, customersTotals, viewCounts } from '@/lib/queries/console/customers';
import { invoicesPage, invoicesTotals, invoiceViewCounts } from '@/lib/queries/console/invoices';
import { findCustomers } from '@/lib/queries/console/search';
import { moveClock } from '@/lib/runners/clock';
import { assertSoundBooks, copyCustomer, foundCompany, newCustomer, use } from '../company.ts';
import { type Figure, figureOf, type Measure } from '../measure.ts';
import { analyze, type InTenant, one, p95, type Read } from '../reads.ts';
import type { BenchDatabase, BenchWorld } from '../world.ts';

const CUSTOMERS = Number(process.env.BENCH_CUSTOMERS ?? 5_000);
/** Paid invoices of earlier months for each customer. */
const MONTHS = Number(process.env.BENCH_MONTHS ?? 10);
const START = Date.parse('2026-05-01T14:00:00Z');
const BILLING_DAY = Date.parse('2026-06-01T04:00:00Z');

const everybody = { view: 'all', sort: 'name', plan: null, search: null } as const;
const everything = { view: 'all', currency: null, search: null } as const;

/** What screens read: lists at any depth. */
export const reading: Measure = { name: 'reading', run: lists };

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
    await assertSoundBooks(company);
    await addEarlierInvoices(database);
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
      [
        `invoices, ${CUSTOMERS / 2} rows down`,
        (tx) => invoicesPage(tx, organizationId, everything, cursors.invoice),
      ],
      [
        'open invoices, first page',
        (tx) => invoicesPage(tx, organizationId, { ...everything, view: 'open' }),
      ],
      ['invoices, views counted', (tx) => invoiceViewCounts(tx, organizationId)],
      ['invoices, totals', (tx) => invoicesTotals(tx, organizationId, everything)],
      ['search for a customer', (tx) => findCustomers(tx, organizationId, 'copy-4321', BILLING_DAY)],
    ];
    const limit = await p95(inTenant, one);
    const figures: Figure[] = [];
    for (const [name, read] of screens) {
      figures.push(figureOf(`${name}, p95`, 'ms', 'select 1', [await p95(inTenant, read, 60)], [limit]));
    }
    return figures;
  } finally {
    await database.drop();
  }
}

/**
 * Copies the invoices into the months before as paid ones, for lists of a company's age. They have no lines and the books
 * do not know them, so the books are looked at before.
 */
async function addEarlierInvoices({ ownerUrl }: BenchDatabase): Promise<void> {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    await owner`
      insert into invoices select (copy).* from (
        select jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid(), 'number', i.number || '-' || n,
          'created_at', i.created_at - make_interval(months => n), 'payment_status', 'succeeded',
          'total_paid_amount_minor', i.total_amount_minor)) as copy
        from invoices i, generate_series(1, ${MONTHS}::int) n offset 0) copies`;
  } finally {
    await owner.end();
  }
}

/** Where the middle page of each list begins: half of the customers, and as many invoices, are above it. */
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
