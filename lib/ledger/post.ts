import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { newId } from '@/db/ids';
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

const keyText = ({ kind, currency, customerId }: AccountKey) => `${kind}:${currency}:${customerId ?? ''}`;

/**
 * Posts one money fact: its lines must balance in every currency (throws otherwise, because an unbalanced entry is a
 * defect). Posting the same fact again changes nothing. Returns the entry's id, or null when there was nothing to post
 * or it is posted already.
 */
export async function postEntry(ctx: LedgerContext, entry: Entry): Promise<string | null> {
  const lines = entry.lines.filter((line) => line.amountMinor !== 0n);
  assertBalanced(entry, lines);
  if (lines.length === 0) return null;
  const { tx, organizationId, now } = ctx;
  const [inserted] = await tx
    .insert(ledgerEntries)
    .values({
      organizationId,
      id: newId(),
      entry: entry.entry,
      sourceType: entry.sourceType,
      sourceId: entry.sourceId,
      customerId: entry.customerId,
      occurredAt: new Date(entry.occurredAt),
      createdAt: new Date(now),
    })
    .onConflictDoNothing()
    .returning({ id: ledgerEntries.id });
  if (!inserted) return null;
  const keys = lines.map((line) => accountKey(entry, line));
  const accounts = await accountIds(ctx, keys);
  await tx.insert(ledgerPostings).values(
    lines.map((line, index) => ({
      organizationId,
      id: newId(),
      entryId: inserted.id,
      accountId: accounts.get(keyText(keys[index]!))!,
      amountMinor: line.amountMinor,
      currency: line.currency,
      occurredAt: new Date(entry.occurredAt),
    })),
  );
  return inserted.id;
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
  const missing = wanted.filter((key) => !found.has(keyText(key)));
  if (missing.length === 0) return found;
  const { tx, organizationId } = ctx;
  await tx
    .insert(ledgerAccounts)
    .values(
      missing
        .toSorted((a, b) => (keyText(a) < keyText(b) ? -1 : 1))
        .map((key) => ({ organizationId, id: newId(), ...key })),
    )
    .onConflictDoNothing();
  return findAccounts(ctx, wanted);
}

async function findAccounts(
  { tx, organizationId }: LedgerContext,
  keys: AccountKey[],
): Promise<Map<string, string>> {
  const customerIds = [...new Set(keys.flatMap((key) => key.customerId ?? []))];
  const rows = await tx
    .select()
    .from(ledgerAccounts)
    .where(
      and(
        eq(ledgerAccounts.organizationId, organizationId),
        inArray(
          ledgerAccounts.kind,
          keys.map((key) => key.kind),
        ),
        inArray(
          ledgerAccounts.currency,
          keys.map((key) => key.currency),
        ),
        or(
          isNull(ledgerAccounts.customerId),
          customerIds.length === 0 ? sql`false` : inArray(ledgerAccounts.customerId, customerIds),
        ),
      ),
    );
  return new Map(rows.map((row) => [keyText(row), row.id]));
}
