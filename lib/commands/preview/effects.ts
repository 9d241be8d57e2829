import { and, asc, eq, gte, inArray } from 'drizzle-orm';
import { credits, fees, invoices } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { daysBetween } from '@/lib/billing/periods/zone';
import type { CommandContext, Outcome } from '../core/command';
import { fingerprint } from '../core/open-act';
import { creditWords, heldCreditWords } from './credit-words';
import { describeLine, summarise } from './lines';
import type { BillLine, ForecastBill, Outlook, PreviewResult } from './types';

type DueNow = PreviewResult['dueNow'];

/** Invoices of the customer made at this very instant by the act: what is due now, line by line. */
export async function madeNow(
  ctx: CommandContext,
  customerId: string,
  timezone: string,
  known: Set<string>,
): Promise<DueNow> {
  const { tx, organizationId } = ctx;
  const rows = (
    await tx
      .select()
      .from(invoices)
      .where(
        and(
          eq(invoices.organizationId, organizationId),
          eq(invoices.customerId, customerId),
          gte(invoices.createdAt, new Date(ctx.now)),
          inArray(invoices.status, ['draft', 'finalized']),
        ),
      )
      .orderBy(asc(invoices.createdAt), asc(invoices.id))
  ).filter((row) => !known.has(row.id));
  if (rows.length === 0) return { totalMinor: '0', lines: [] };
  const ids = rows.map((row) => row.id);
  const feeRows = await tx
    .select()
    .from(fees)
    .where(and(eq(fees.organizationId, organizationId), inArray(fees.invoiceId, ids)))
    .orderBy(asc(fees.invoiceId), asc(fees.position));
  const creditRows = await tx
    .select()
    .from(credits)
    .where(and(eq(credits.organizationId, organizationId), inArray(credits.invoiceId, ids)));
  const held = rows.some(({ status }) => status === 'draft');
  const said = held ? await heldCreditWords(ctx, customerId) : await creditWords(ctx, creditRows);
  const lines: BillLine[] = [];
  for (const invoice of rows) {
    const own = feeRows.filter((fee) => fee.invoiceId === invoice.id);
    const lowered = creditRows.filter((credit) => credit.invoiceId === invoice.id);
    lines.push(...own.map((fee) => ({ ...describeLine(fee, timezone, ctx.now), exact: true })));
    lines.push(...summarise(invoice, lowered, true, said));
  }
  const total = rows.reduce((sum, row) => sum + row.totalAmountMinor, 0n);
  return { totalMinor: total.toString(), lines };
}

/** The ids of a customer's invoices before an act, to tell which ones the act made. */
export async function knownInvoices(
  { tx, organizationId }: CommandContext,
  customerId: string,
): Promise<Set<string>> {
  const rows = await tx
    .select({ id: invoices.id })
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.customerId, customerId)));
  return new Set(rows.map((row) => row.id));
}

/** Money that comes later, not lost: the plan's price for the days a trial grew by. */
export function postponed(before: Outlook, after: Outlook): bigint {
  if (!before.trial || !after.trial || !after.plan) return 0n;
  const days = daysBetween(before.trial.lastFreeDay, after.trial.lastFreeDay);
  if (days <= 0) return 0n;
  const [year, month] = before.trial.firstPaidDay.split('-').map(Number);
  const periodDays = new Date(Date.UTC(year ?? 1970, month ?? 1, 0)).getUTCDate();
  const perYear: Record<string, number> = { weekly: 7, quarterly: 91, semiannual: 182, yearly: 365 };
  const length = perYear[after.plan.interval] ?? periodDays;
  return Exact.of(BigInt(after.plan.amountMinor)).mul(BigInt(days)).div(BigInt(length)).roundToBigInt();
}

interface Effects {
  dueNow: DueNow;
  before: Outlook | null;
  after: Outlook | null;
  invoice: PreviewResult['invoice'];
}

/** What the token vouches for: everything exact. Estimates of future usage are shown, not sealed. */
export function digestOf<R>(
  { title, moves }: Outcome<R>,
  { dueNow, before, after, invoice }: Effects,
): string {
  const situation = before && after ? { dueNow, before: exactPart(before), after: exactPart(after) } : {};
  return fingerprint({ title, ...(moves && { moves }), ...situation, ...(invoice && { invoice }) });
}

function exactPart({ nextBills, ...rest }: Outlook) {
  return { ...rest, nextBills: nextBills.map(exactBill) };
}

function exactBill(bill: ForecastBill) {
  if (bill.exact) return bill;
  return { date: bill.date, lines: bill.lines.filter((line) => line.exact && line.kind === 'plan') };
}
