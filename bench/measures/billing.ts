import assert from 'node:assert/strict';
import { pipeline } from 'node:stream/promises';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { moveClock } from '@/lib/runners/clock';
import { assertSoundBooks, copyCustomer, foundCompany, newCustomer, use } from '../company.ts';
import { figureOf, type Measure, timed } from '../measure.ts';
import { analyze } from '../reads.ts';
import type { BenchDatabase, BenchWorld } from '../world.ts';

const CUSTOMERS = Number(process.env.BENCH_INVOICES ?? 2_000);
/** A long run shows by its tenths whether it slows down; it is made once. */
const LONG = 10_000;
const REPEATS = CUSTOMERS < LONG ? 3 : 1;
const START = Date.parse('2026-05-01T14:00:00Z');
const FIRST_BILLS = Date.parse('2026-06-01T04:00:00Z');
/** Bills of the first day are overdue and noted as such by then. */
const QUIET = Date.parse('2026-06-28T04:00:00Z');
const BILLING_DAY = Date.parse('2026-07-01T04:00:00Z');
/** A chunk's worth of customers is billed a month before, so that neither code nor plans of queries are new to the measured run. */
const WARM = 200;
/** Everything a run of bills writes. */
const TABLES = [
  'invoices',
  'invoice_subscriptions',
  'fees',
  'fee_taxes',
  'invoice_taxes',
  'invoice_facts',
  'ledger_entries',
  'ledger_postings',
  'due_items',
  'outbox',
];

/**
 * Finished invoices a second of one billing day: five usage charges and the plan's fee each, priced, taxed, numbered,
 * posted and announced. The limit is COPY of the very rows into the same tables with the same indexes.
 */
export const billing: Measure = {
  name: 'billing',
  async run(world) {
    const rates: number[] = [];
    const limits: number[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const { rate, limit } = await billOnce(world);
      rates.push(rate);
      limits.push(limit);
    }
    return [figureOf('invoices finished', 'a second', 'COPY of their rows', rates, limits)];
  },
};

async function billOnce(world: BenchWorld): Promise<{ rate: number; limit: number }> {
  const database = await world.newDatabase();
  try {
    const { databases } = database;
    const company = await foundCompany(databases, { startsAt: START, mode: 'sandbox', payInAdvance: false });
    const { organizationId } = company;
    const model = await newCustomer(company, 'model');
    const early = await copyCustomer(company, model, WARM - 1, 'early');
    await moveClock(databases, organizationId, FIRST_BILLS);
    await moveClock(databases, organizationId, QUIET);
    const copies = await copyCustomer(company, model, CUSTOMERS - WARM);
    const period = { from: FIRST_BILLS, to: BILLING_DAY - 1, each: 2 };
    await use(company, ['model', ...early, ...copies], period);
    await analyze(database);
    const milliseconds = await timed(() => moveClock(databases, organizationId, BILLING_DAY));
    const [made] = await databases.system.execute<Record<string, number>>(sql`
      with run as (select * from invoices where billed_at >= ${new Date(BILLING_DAY).toISOString()}::timestamptz)
      select count(*)::int as invoices, count(distinct number)::int as numbers,
        (select count(*)::int from fees where invoice_id in (select id from run)) as lines,
        (select count(*)::int from outbox where type = 'invoice.created' and object_id in (select id from run)) as told,
        (select count(*)::int from invoices i join (
          select customer_id, max(sequential_id) as last, count(*) as n from invoices group by customer_id
        ) c on c.customer_id = i.customer_id and c.last <> c.n) as gaps
      from run where status = 'finalized'`);
    assert.deepEqual(made, {
      invoices: CUSTOMERS,
      numbers: CUSTOMERS,
      lines: CUSTOMERS * 6,
      told: CUSTOMERS,
      gaps: 0,
    });
    await assertSoundBooks(company);
    if (CUSTOMERS >= LONG)
      world.say(`invoices a second by tenth: ${(await ratesByTenth(database)).join(', ')}`);
    const limit = await copyRows(world, database);
    return { rate: (CUSTOMERS * 1000) / milliseconds, limit: ((CUSTOMERS + WARM) * 1000) / limit };
  } finally {
    await database.drop();
  }
}

/** Of the measured run, by the time in the invoices' own ids. */
async function ratesByTenth({ databases }: BenchDatabase): Promise<number[]> {
  const rows = await databases.system.execute<{ rate: number }>(sql`
    select (count(*) / extract(epoch from max(at) - coalesce(lag(max(at)) over (order by tenth), min(at))))::int as rate
    from (select uuid_extract_timestamp(id) as at, ntile(10) over (order by id) as tenth
          from invoices where billed_at >= ${new Date(BILLING_DAY).toISOString()}::timestamptz) made
    group by tenth order by tenth`);
  return rows.map(({ rate }) => rate);
}

/** Milliseconds it takes to COPY all rows (of the warm-up too) into an empty database, without the triggers and references they passed. */
async function copyRows(world: BenchWorld, from: BenchDatabase): Promise<number> {
  const to = await world.newDatabase();
  const target = postgres(to.ownerUrl, { max: 1 });
  try {
    const rows = new Map<string, Buffer[]>();
    for (const table of TABLES) {
      rows.set(table, await copyOut(from.ownerUrl, table));
    }
    await target`set session_replication_role = replica`;
    return await timed(async () => {
      for (const [table, parts] of rows) {
        await pipeline(parts, await target.unsafe(`copy ${table} from stdin`).writable());
      }
    });
  } finally {
    await target.end();
    await to.drop();
  }
}

/** The driver does not give a connection back after it has been read from as a stream, so each table has its own. */
async function copyOut(url: string, table: string): Promise<Buffer[]> {
  const source = postgres(url, { max: 1 });
  const parts: Buffer[] = [];
  for await (const part of await source.unsafe(`copy ${table} to stdout`).readable()) parts.push(part);
  await source.end({ timeout: 0 });
  return parts;
}
