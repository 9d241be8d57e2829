import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { insertionOf, insertNewRows, writeTogether } from '@/db/insert-rows';
import { type AccountKind, ledgerAccounts, ledgerEntries, ledgerPostings } from '@/db/schema';

/** Where posting happens: any transaction of one organisation with its clock. */
export interface LedgerContext {
  tx: Tx;
  organizationId: string;
  /** Epoch milliseconds. */
  now: number;
}

export interface EntryLine {
  account: AccountKind;
  /** Debit positive, credit negative; minor units. Lines of zero are left out. */
  amountMinor: bigint;
  currency: string;
  /** For what is owed by or to a customer; the entry's customer when absent. */
  customerId?: string;
}

export interface Entry {
  sourceType: string;
  sourceId: string;
  /** What happened to the source: with it the key under which a fact is posted once. */
  entry: string;
  customerId: string | null;
  /** Epoch milliseconds. */
  occurredAt: number;
  lines: EntryLine[];
}

/** Accounts kept per customer; the others are the organisation's own. */
const CUSTOMER_ACCOUNTS: readonly AccountKind[] = [
  'receivable',
  'paid_credit_liability',
  'free_credit_liability',
  'credit_note_liability',
];

interface AccountKey {
  kind: AccountKind;
  currency: string;
  customerId: string | null;
}

const NOBODY = sql.raw("'00000000-0000-0000-0000-000000000000'::uuid");

const keyText = ({ kind, currency, customerId }: AccountKey) => `${kind}:${currency}:${customerId ?? ''}`;

/**
 * Posts one money fact: its lines must balance in every currency (throws otherwise, because an unbalanced entry is a
 * defect). Posting the same fact again changes nothing. Returns the entry's id, or null when there was nothing to post
 * or it is posted already.
 */
export async function postEntry(ctx: LedgerContext, entry: Entry): Promise<string | null> {
  const [id] = await postEntries(ctx, [entry]);
  return id ?? null;
}

interface Draft {
  id: string;
  entry: Entry;
  lines: EntryLine[];
}

/** Posts money facts, none of them twice in the list, with their answers in its order: at most four statements. */
export async function postEntries(ctx: LedgerContext, entries: Entry[]): Promise<(string | null)[]> {
  const drafts = entries.map(draftOf);
  const filled = drafts.filter(({ lines }) => lines.length > 0);
  if (filled.length === 0) return entries.map(() => null);
  const { heads, postings } = await insertions(ctx, filled);
  const fresh = await writeTogether<{ id: string }>(
    ctx.tx,
    {
      fresh: sql`${heads} on conflict do nothing returning id`,
      posted: sql`${postings} where given.entry_id in (select id from fresh)`,
    },
    sql`select id from fresh`,
  );
  const ids = new Set(fresh.map(({ id }) => id));
  return drafts.map(({ id }) => (ids.has(id) ? id : null));
}

/**
 * The writes that post facts about what is made in the same statement, so that none can be posted already. Accounts that are
 * missing are opened at once.
 */
export async function newEntries(ctx: LedgerContext, entries: Entry[]): Promise<Record<string, SQL>> {
  const filled = entries.map(draftOf).filter(({ lines }) => lines.length > 0);
  if (filled.length === 0) return {};
  const { heads, postings } = await insertions(ctx, filled);
  return { entered: heads, posted: postings };
}

function draftOf(entry: Entry): Draft {
  const lines = entry.lines.filter((line) => line.amountMinor !== 0n);
  assertBalanced(entry, lines);
  return { id: newId(), entry, lines };
}

async function insertions(ctx: LedgerContext, drafts: Draft[]): Promise<{ heads: SQL; postings: SQL }> {
  const { organizationId, now } = ctx;
  const lines = drafts.flatMap(({ id, entry, lines }) =>
    lines.map((line) => ({ id, entry, line, key: accountKey(entry, line) })),
  );
  const accounts = await accountIds(
    ctx,
    lines.map(({ key }) => key),
  );
  const heads = drafts.map(({ id, entry }) => ({
    organizationId,
    id,
    entry: entry.entry,
    sourceType: entry.sourceType,
    sourceId: entry.sourceId,
    customerId: entry.customerId,
    occurredAt: new Date(entry.occurredAt),
    createdAt: new Date(now),
  }));
  const postings = lines.map(({ id, entry, line, key }) => ({
    organizationId,
    id: newId(),
    entryId: id,
    accountId: accounts.get(keyText(key))!,
    amountMinor: line.amountMinor,
    currency: line.currency,
    occurredAt: new Date(entry.occurredAt),
  }));
  return { heads: insertionOf(ledgerEntries, heads), postings: insertionOf(ledgerPostings, postings) };
}

function assertBalanced(entry: Entry, lines: EntryLine[]): void {
  const sums = new Map<string, bigint>();
  for (const { currency, amountMinor } of lines) {
    sums.set(currency, (sums.get(currency) ?? 0n) + amountMinor);
  }
  for (const [currency, sum] of sums) {
    if (sum === 0n) continue;
    throw new Error(
      `Entry ${entry.entry} of ${entry.sourceType} ${entry.sourceId} is off by ${sum} ${currency}`,
    );
  }
}

function accountKey(entry: Entry, line: EntryLine): AccountKey {
  const ofCustomer = CUSTOMER_ACCOUNTS.includes(line.account);
  const customerId = ofCustomer ? (line.customerId ?? entry.customerId) : null;
  if (ofCustomer && !customerId) throw new Error(`Account ${line.account} needs a customer`);
  return { kind: line.account, currency: line.currency, customerId };
}

/** Finds the accounts, opening those that are missing; two transactions opening one account meet at its unique index. */
async function accountIds(ctx: LedgerContext, keys: AccountKey[]): Promise<Map<string, string>> {
  const wanted = [...new Map(keys.map((key) => [keyText(key), key])).values()];
  const found = await findAccounts(ctx, wanted);
  const missing = wanted
    .filter((key) => !found.has(keyText(key)))
    .toSorted((a, b) => (keyText(a) < keyText(b) ? -1 : 1))
    .map((key) => ({ organizationId: ctx.organizationId, id: newId(), ...key }));
  const opened = await insertNewRows(ctx.tx, ledgerAccounts, missing);
  for (const account of missing) if (opened.has(account.id)) found.set(keyText(account), account.id);
  const taken = missing.filter(({ id }) => !opened.has(id));
  for (const [key, id] of await findAccounts(ctx, taken)) found.set(key, id);
  return found;
}

/** Each is one probe of the unique index, which has a customer that is none as a uuid of zeros. */
async function findAccounts(
  { tx, organizationId }: LedgerContext,
  keys: AccountKey[],
): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const asked = keys.map((key) => ({ ...key, text: keyText(key) }));
  const rows = await tx.execute<{ key: string; id: string }>(sql`
    select q.text as key, a.id from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      as q(text text, kind text, currency text, "customerId" uuid)
    join ledger_accounts a on a.organization_id = ${organizationId} and a.kind = q.kind and a.currency = q.currency
      and coalesce(a.customer_id, ${NOBODY}) = coalesce(q."customerId", ${NOBODY})`);
  return new Map(rows.map(({ key, id }) => [key, id]));
}
