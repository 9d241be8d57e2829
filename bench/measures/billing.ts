import assert from 'node:assert/strict';
import { pipeline } from 'node:stream/promises';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { moveClock } from '@/lib/runners/clock';
import { assertSoundBooks, copyCustomer, foundCompany, newCustomer, use } from '../company.ts';
import { figureOf, type Measure, timed } from '../measure.ts';
import type { BenchDatabase, BenchWorld } from '../world.ts';

const CUSTOMERS = Number(process.env.BENCH_INVOICES ?? 2_000);
const REPEATS = 3;
const START = Date.parse('2026-05-01T14:00:00Z');
const BILLING_DAY = Date.parse('2026-06-01T04:00:00Z');
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
    const model = await newCustomer(company, 'model');
    const copies = await copyCustomer(company, model, CUSTOMERS - 1);
    await use(company, ['model', ...copies], { from: START, to: BILLING_DAY - 1, each: 2 });
    await databases.system.execute(sql`analyze`);
    const milliseconds = await timed(() => moveClock(databases, company.organizationId, BILLING_DAY));
    const [made] = await databases.system.execute<{ invoices: number; lines: number; numbers: number }>(sql`
      select (select count(*)::int from invoices where status = 'finalized') as invoices,
             (select count(*)::int from fees) as lines,
             (select count(distinct number)::int from invoices) as numbers`);
    assert.deepEqual(made, { invoices: CUSTOMERS, lines: CUSTOMERS * 6, numbers: CUSTOMERS });
    await assertSoundBooks(company);
    const limit = await copyRows(world, database);
    return { rate: (CUSTOMERS * 1000) / milliseconds, limit: (CUSTOMERS * 1000) / limit };
  } finally {
    await database.drop();
  }
}

/** Milliseconds it takes to COPY the rows into an empty database, without the triggers and references they passed. */
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
