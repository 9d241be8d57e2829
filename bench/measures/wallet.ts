import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { runCommand } from '@/lib/commands/core/execute';
import { createWallet } from '@/lib/commands/wallets/create';
import { transactWallet } from '@/lib/commands/wallets/transact';
import { CommandError } from '@/lib/schedule/errors';
import { assertSoundBooks, foundCompany, newCustomer, SOFTWARE } from '../company.ts';
import { figureOf, type Measure, timed } from '../measure.ts';
import { analyze } from '../reads.ts';
import type { BenchDatabase, BenchWorld } from '../world.ts';

const DEBITS = Number(process.env.BENCH_DEBITS ?? 600);
const REPEATS = 3;
const CONNECTIONS = 8;
/** Callers at once, for the second figure: what waits for a wallet is done together, so more of them cost less each. */
const CALLERS = 64;
/** Debits before the clock runs, so that the database has seen such tables when it plans. */
const WARM = 512;
/** Debits too many: the wallet refuses them. */
const BEYOND = 20;
const START = Date.parse('2026-05-01T14:00:00Z');
const ACCOUNTS = 100_000;

/**
 * Debits a second of one wallet that everybody draws from: the product's own act with its rights, clock, audit row, key
 * that makes it happen once, lots, ledger entry and announcements. The limit is what TPC-B does (three updates, a select
 * and an insert, one commit) through the same driver with as many connections.
 */
export const wallet: Measure = {
  name: 'wallet',
  async run(world) {
    const rates: number[] = [];
    const crowded: number[] = [];
    const limits: number[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      rates.push(await debitOnce(world, CONNECTIONS));
      crowded.push(await debitOnce(world, CALLERS));
      limits.push(await tpcB(world));
    }
    return [
      figureOf('debits of one wallet', 'a second', 'TPC-B transactions', rates, limits),
      figureOf(`the same, ${CALLERS} callers`, 'a second', 'TPC-B transactions', crowded, limits),
    ];
  },
};

/** Runs `count` acts, so many at once; answers how many a second. */
async function rateOf(
  count: number,
  act: (n: number) => Promise<void>,
  atOnce = CONNECTIONS,
): Promise<number> {
  let next = 0;
  const lane = async () => {
    while (next < count) await act(next++);
  };
  const milliseconds = await timed(() => Promise.all(Array.from({ length: atOnce }, lane)));
  return (count * 1000) / milliseconds;
}

async function debitOnce(world: BenchWorld, callers: number): Promise<number> {
  const database = await world.newDatabase({ app: CONNECTIONS });
  try {
    const company = await foundCompany(database.databases, {
      startsAt: START,
      mode: 'sandbox',
      payInAdvance: false,
    });
    const { organizationId } = company;
    await newCustomer(company, 'heavy');
    const { id } = await company.run(createWallet, {
      external_customer_id: 'heavy',
      currency: 'USD',
      rate_amount: '1',
      granted_credits: String(DEBITS + WARM - BEYOND),
    });
    let refused = 0;
    const debit = async (key: string) => {
      const input = { wallet_id: id, voided_credits: '1' } as never;
      const request = { organizationId, actor: SOFTWARE, input, idempotencyKey: key };
      await runCommand(database.databases, transactWallet, request).catch((error: unknown) => {
        if (!(error instanceof CommandError) || error.failure.kind !== 'invalid') throw error;
        refused += 1;
      });
    };
    await rateOf(WARM, (n) => debit(`warm-${n}`), CALLERS);
    await analyze(database);
    const rate = await rateOf(DEBITS, (n) => debit(`debit-${n}`), callers);
    await debit('debit-0');
    await assertEmptied(database, refused);
    await assertSoundBooks(company);
    return rate;
  } finally {
    await database.drop();
  }
}

/** Each key took one credit once, down to nothing and not below; the ledger owes what the wallet holds. */
async function assertEmptied({ databases }: BenchDatabase, refused: number): Promise<void> {
  const [found] = await databases.system.execute<Record<string, number>>(sql`
    select (select balance_minor::int from wallets) as balance,
      (select count(*)::int from wallet_transactions where transaction_type = 'outbound') as debits,
      (select count(*)::int from idempotency_keys) as keys,
      (select -sum(p.amount_minor)::int from ledger_postings p
        join ledger_accounts a on a.organization_id = p.organization_id and a.id = p.account_id
        where a.kind = 'free_credit_liability') as owed`);
  const done = DEBITS + WARM - BEYOND;
  assert.deepEqual({ ...found, refused }, { balance: 0, debits: done, keys: done, owed: 0, refused: BEYOND });
}

/** The standard's tables at scale 1: every transaction meets the others at the one branch, as the debits do at the wallet. */
async function tpcB(world: BenchWorld): Promise<number> {
  const database = await world.newDatabase();
  const client = postgres(database.ownerUrl, { max: CONNECTIONS, onnotice: () => undefined });
  try {
    await client.unsafe(`
      create table branches (id int primary key, balance int not null);
      create table tellers (id int primary key, branch int not null, balance int not null);
      create table accounts (id int primary key, branch int not null, balance int not null);
      create table history (teller int, branch int, account int, delta int, at timestamptz);
      insert into branches values (1, 0);
      insert into tellers select n, 1, 0 from generate_series(1, 10) n;
      insert into accounts select n, 1, 0 from generate_series(1, ${ACCOUNTS}) n;`);
    await analyze(database);
    const transact = async (n: number) => {
      const [account, teller, delta] = [((n * 7919) % ACCOUNTS) + 1, (n % 10) + 1, (n % 100) - 50];
      await client.begin(async (tx) => {
        await tx`update accounts set balance = balance + ${delta} where id = ${account}`;
        await tx`select balance from accounts where id = ${account}`;
        await tx`update tellers set balance = balance + ${delta} where id = ${teller}`;
        await tx`update branches set balance = balance + ${delta} where id = 1`;
        await tx`insert into history values (${teller}, 1, ${account}, ${delta}, now())`;
      });
    };
    await rateOf(CONNECTIONS * 10, transact);
    const rate = await rateOf(DEBITS * 4, transact);
    const [sums] = await client<{ same: boolean }[]>`
      select (select balance from branches) = (select sum(balance) from accounts)
        and (select balance from branches) = (select sum(delta) from history) as same`;
    assert.ok(sums?.same);
    return rate;
  } finally {
    await client.end();
    await database.drop();
  }
}
