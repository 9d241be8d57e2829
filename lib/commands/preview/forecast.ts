import { and, asc, eq, inArray, isNull, lte, sql } from 'drizzle-orm';
import { credits, dueItems, fees, invoices } from '@/db/schema';
import { localDate } from '@/lib/billing/periods/zone';
import { copyKnown, newKnown } from '@/lib/invoicing/context';
import { lockCustomer } from '@/lib/invoicing/customers';
import type { CommandContext } from '../core/command';
import { type DueItem, dueHandlers } from '../due';
import { creditWords } from './credit-words';
import { describeLine, markGuesses, summarise } from './lines';
import type { ForecastBill } from './types';

/** Things that fall due which make or finish a customer's bills. */
export const BILLING_KINDS = [
  'subscription.activate',
  'subscription.bill',
  'subscription.trial_end',
  'subscription.end',
  'invoice.finalize',
  'invoice.release',
] as const;
const BASIS_DAYS = 30;
const MOST_STEPS = 48;
const HORIZON_MS = 800 * 86_400_000;

class Rewind extends Error {}

/**
 * The customer's next bills: everything that will fall due is really run, in order, inside a savepoint that is then
 * rewound, with future usage estimated from the last 30 days. The bill that comes is made by this very code. Bills
 * before the local day `paidFrom` (those of a trial) come on top of the wanted number.
 */
export async function forecastBills(
  ctx: CommandContext,
  customerId: string,
  timezone: string,
  wanted: number,
  paidFrom = '',
): Promise<ForecastBill[]> {
  const isFree = (day: string) => day < paidFrom;
  let bills: ForecastBill[] = [];
  try {
    await ctx.tx.transaction(async (tx) => {
      const finished = new Map<string, number>();
      const inside: CommandContext = {
        ...ctx,
        tx,
        mode: 'preview',
        holdMinutes: 0,
        projection: { from: ctx.now, basisDays: BASIS_DAYS, paces: new Map(), finished },
        known: copyKnown(ctx.known ?? newKnown()),
      };
      const enough = () => {
        const days = [...finished.values()].map((billedAt) => localDate(billedAt, timezone));
        return days.filter((day) => !isFree(day)).length >= wanted;
      };
      // Before any other row: two forecasts that met the other way round would wait for one another.
      await lockCustomer(inside, customerId);
      for (let step = 0; step < MOST_STEPS && !enough(); step++) {
        if (!(await runNext(inside, customerId, ctx.now + HORIZON_MS))) break;
      }
      bills = await readBills(inside, [...finished.keys()], timezone, ctx.now);
      throw new Rewind();
    });
  } catch (error) {
    if (!(error instanceof Rewind)) throw error;
  }
  return markGuesses(bills.slice(0, wanted + bills.filter(({ date }) => isFree(date)).length));
}

/** Runs what is already due for a customer at this instant, for real: part of what an act sets off. */
export async function runDueNow(ctx: CommandContext, customerId: string): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step++) {
    if (!(await runNext(ctx, customerId, ctx.now))) return;
  }
}

/**
 * Runs what makes or finishes a bill of this customer next, as of its own time. False when nothing is due by `upTo` (epoch
 * milliseconds).
 */
export async function runNext(
  ctx: CommandContext,
  customerId: string,
  upTo = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const { tx, organizationId } = ctx;
  const first = tx
    .select({ id: dueItems.id })
    .from(dueItems)
    .where(
      and(
        eq(dueItems.organizationId, organizationId),
        eq(dueItems.customerId, customerId),
        inArray(dueItems.kind, [...BILLING_KINDS]),
        isNull(dueItems.doneAt),
        isNull(dueItems.canceledAt),
        isNull(dueItems.parkedAt),
        ...(Number.isFinite(upTo) ? [lte(dueItems.dueAt, new Date(upTo))] : []),
      ),
    )
    .orderBy(asc(dueItems.dueAt), asc(dueItems.rank), asc(dueItems.id))
    .limit(1);
  const [row] = await tx
    .update(dueItems)
    .set({ doneAt: sql`greatest(${dueItems.dueAt}, ${new Date(ctx.now).toISOString()}::timestamptz)` })
    .where(and(eq(dueItems.organizationId, organizationId), sql`${dueItems.id} = (${first})`))
    .returning();
  if (!row) return false;
  const dueAt = row.dueAt.getTime();
  const item: DueItem = {
    kind: row.kind as DueItem['kind'],
    subjectId: row.subjectId,
    customerId: row.customerId,
    payload: row.payload,
    dueAt,
  };
  const now = Math.max(dueAt, ctx.now);
  await dueHandlers[item.kind]({ ...ctx, now, actor: { type: 'system', name: 'Counterfoil' } }, item);
  return true;
}

/** The bills a forecast has finished, in the order they were billed. */
async function readBills(
  ctx: CommandContext,
  ids: string[],
  timezone: string,
  from: number,
): Promise<ForecastBill[]> {
  if (ids.length === 0) return [];
  const { tx, organizationId } = ctx;
  const made = await tx
    .select()
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), inArray(invoices.id, ids)))
    .orderBy(asc(invoices.billedAt), asc(invoices.id));
  const feeRows = await tx
    .select()
    .from(fees)
    .where(and(eq(fees.organizationId, organizationId), inArray(fees.invoiceId, ids)))
    .orderBy(asc(fees.invoiceId), asc(fees.position));
  const creditRows = await tx
    .select()
    .from(credits)
    .where(and(eq(credits.organizationId, organizationId), inArray(credits.invoiceId, ids)));
  const said = await creditWords(ctx, creditRows);
  return made.map((invoice) => {
    const own = feeRows.filter((fee) => fee.invoiceId === invoice.id);
    const lines = own.map((fee) => describeLine(fee, timezone, from));
    const exact = lines.every((line) => line.exact);
    const adjustments = summarise(
      invoice,
      creditRows.filter((credit) => credit.invoiceId === invoice.id),
      exact,
      said,
    );
    return {
      date: localDate(invoice.billedAt.getTime(), timezone),
      totalMinor: invoice.totalAmountMinor.toString(),
      exact,
      lines: [...lines, ...adjustments],
    };
  });
}
