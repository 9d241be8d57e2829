import { and, asc, eq, inArray, isNotNull, isNull, or } from 'drizzle-orm';
import { credits, dueItems, fees, invoices } from '@/db/schema';
import { localDate } from '@/lib/billing/periods/zone';
import { newKnown } from '@/lib/invoicing/context';
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
  const free = () => bills.filter((bill) => bill.date < paidFrom).length;
  let bills: ForecastBill[] = [];
  try {
    await ctx.tx.transaction(async (tx) => {
      const inside: CommandContext = {
        ...ctx,
        tx,
        mode: 'preview',
        holdMinutes: 0,
        projection: { from: ctx.now, basisDays: BASIS_DAYS, paces: new Map(), finished: new Map() },
        known: newKnown(),
      };
      // Before any other row: two forecasts that met the other way round would wait for one another.
      await lockCustomer(inside, customerId);
      const known = new Set(await invoiceIds(inside, customerId));
      for (let step = 0; step < MOST_STEPS; step++) {
        const item = await nextDue(inside, customerId);
        if (!item || item.dueAt > ctx.now + HORIZON_MS) break;
        await runOne(inside, item);
        bills = await readBills(inside, customerId, known, timezone, ctx.now);
        if (bills.length >= wanted + free()) break;
      }
      throw new Rewind();
    });
  } catch (error) {
    if (!(error instanceof Rewind)) throw error;
  }
  return markGuesses(bills.slice(0, wanted + free()));
}

/** Runs what is already due for a customer at this instant, for real: part of what an act sets off. */
export async function runDueNow(ctx: CommandContext, customerId: string): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step++) {
    const item = await nextDue(ctx, customerId);
    if (!item || item.dueAt > ctx.now) return;
    await runOne(ctx, item);
  }
}

/** Runs one due item now, as of its own time. */
export async function runOne(ctx: CommandContext, item: DueItem & { id: string }): Promise<void> {
  const now = Math.max(item.dueAt, ctx.now);
  await ctx.tx
    .update(dueItems)
    .set({ doneAt: new Date(now) })
    .where(and(eq(dueItems.organizationId, ctx.organizationId), eq(dueItems.id, item.id)));
  await dueHandlers[item.kind]({ ...ctx, now, actor: { type: 'system', name: 'Counterfoil' } }, item);
}

/** What makes or finishes a bill of this customer next. */
export async function nextDue(
  ctx: CommandContext,
  customerId: string,
): Promise<(DueItem & { id: string }) | null> {
  const [row] = await ctx.tx
    .select()
    .from(dueItems)
    .where(
      and(
        eq(dueItems.organizationId, ctx.organizationId),
        eq(dueItems.customerId, customerId),
        inArray(dueItems.kind, [...BILLING_KINDS]),
        isNull(dueItems.doneAt),
        isNull(dueItems.canceledAt),
        isNull(dueItems.parkedAt),
      ),
    )
    .orderBy(asc(dueItems.dueAt), asc(dueItems.rank), asc(dueItems.id))
    .limit(1);
  if (!row) return null;
  return {
    id: row.id,
    kind: row.kind as DueItem['kind'],
    subjectId: row.subjectId,
    customerId: row.customerId,
    payload: row.payload,
    dueAt: row.dueAt.getTime(),
  };
}

/** Invoices that are no longer to come: issued ones, and those only held until they leave. */
async function invoiceIds({ tx, organizationId }: CommandContext, customerId: string): Promise<string[]> {
  const rows = await tx
    .select({ id: invoices.id })
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        eq(invoices.customerId, customerId),
        or(
          inArray(invoices.status, ['finalized', 'closed', 'voided', 'deleted']),
          isNotNull(invoices.releaseAt),
        ),
      ),
    );
  return rows.map((row) => row.id);
}

async function readBills(
  ctx: CommandContext,
  customerId: string,
  known: Set<string>,
  timezone: string,
  from: number,
): Promise<ForecastBill[]> {
  const { tx, organizationId } = ctx;
  const rows = await tx
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        eq(invoices.customerId, customerId),
        eq(invoices.invoiceType, 'subscription'),
        inArray(invoices.status, ['finalized', 'closed']),
      ),
    )
    .orderBy(asc(invoices.billedAt), asc(invoices.id));
  const fresh = rows.filter((row) => !known.has(row.id));
  if (fresh.length === 0) return [];
  const ids = fresh.map((row) => row.id);
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
  return fresh.map((invoice) => {
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
