import { type SQL, sql } from 'drizzle-orm';
import type { credits } from '@/db/schema';
import { shortWorking } from '@/lib/billing/explain';
import type { Working } from '@/lib/billing/invoice/result';
import { Exact } from '@/lib/billing/money/exact';
import { formatMoney, formatQuantity } from '@/lib/billing/money/format';
import type { BillingContext } from '@/lib/invoicing/context';
import type { CreditWords } from './lines';

type CreditRow = typeof credits.$inferSelect;
interface DiscountRow extends Record<string, unknown> {
  id: string;
  name: string;
  percent: string | null;
  frequency: 'once' | 'recurring' | 'forever';
  bills: number | null;
  ordinal: number;
}

/** "20% off, bill 1 of 2": what a discount is, and which of its bills this one is. */
export function discountWords({ name, percent, frequency, bills, ordinal }: DiscountRow): string {
  const what = percent === null ? name : `${formatQuantity(percent)}% off`;
  return frequency === 'recurring' && bills !== null ? `${what}, bill ${ordinal} of ${bills}` : what;
}

const uuids = (ids: readonly string[]) =>
  sql.join(
    ids.map((id) => sql`${id}::uuid`),
    sql`, `,
  );

async function discountsOf({ tx, organizationId }: BillingContext, ids: string[]): Promise<DiscountRow[]> {
  return tx.execute<DiscountRow>(sql`
    select k.id, c.name, a.percentage_rate::text as percent, a.frequency, a.frequency_duration as bills,
      (select count(*)::int from credits e
        join invoices i on i.organization_id = e.organization_id and i.id = e.invoice_id
          and i.status not in ('voided', 'closed', 'deleted')
        where e.organization_id = k.organization_id and e.applied_coupon_id = k.applied_coupon_id
          and (e.created_at, e.id) <= (k.created_at, k.id)) as ordinal
    from credits k
    join applied_coupons a on a.organization_id = k.organization_id and a.id = k.applied_coupon_id
    join coupons c on c.organization_id = a.organization_id and c.id = a.coupon_id
    where k.organization_id = ${organizationId} and k.id in (${uuids(ids)})`);
}

interface NoteRow extends Record<string, unknown> {
  id: string;
  /** What is given back before discounts and tax, in exact minor units. */
  credited: string;
  currency: string;
  plan: string | null;
  price: string | null;
  working: Working | null;
}

/** "19 of 31 days of $140.00", where the credit is for whole days of a plan's price; else null. */
function daysWords({ credited, price, working, currency }: NoteRow): string | null {
  const row = working?.rows.find(({ kind }) => kind === 'days');
  if (!row?.ofDays || !price || price === '0') return null;
  const days = Exact.of(credited).mul(BigInt(row.ofDays)).div(BigInt(price)).round(2);
  if (!days.isInteger() || !working) return null;
  const whole = { ...row, days: Number(days.toString()) };
  if (whole.days === row.ofDays) return `all ${row.ofDays} days of ${formatMoney(BigInt(price), currency)}`;
  return shortWorking({ ...working, rows: [whole] }, { currency, locale: 'en-US' });
}

async function notesOf({ tx, organizationId }: BillingContext, which: SQL): Promise<NoteRow[]> {
  return tx.execute<NoteRow>(sql`
    select n.id, n.currency, i.precise_amount_minor::text as credited,
      coalesce(nullif(f.invoice_display_name, ''), f.item_name) as plan,
      f.amount_details ->> 'plan_amount_cents' as price, f.working
    from credit_notes n
    join credit_note_items i on i.organization_id = n.organization_id and i.credit_note_id = n.id
    join fees f on f.organization_id = i.organization_id and f.id = i.fee_id
    where n.organization_id = ${organizationId} and ${which}
      and n.reason = 'order_cancellation' and f.fee_type = 'subscription'`);
}

const noteWords = (row: NoteRow) => ({
  label: `${row.plan ?? 'Plan'}, not used`,
  working: daysWords(row),
});

/** What to say of discounts and of credit for unused days that lower these bills. No query where there are none. */
export async function creditWords(ctx: BillingContext, rows: readonly CreditRow[]): Promise<CreditWords> {
  const coupons = rows.filter(({ appliedCouponId }) => appliedCouponId !== null).map(({ id }) => id);
  const notes = [...new Set(rows.flatMap(({ creditNoteId }) => creditNoteId ?? []))];
  const discounts = coupons.length === 0 ? [] : await discountsOf(ctx, coupons);
  const unused = notes.length === 0 ? [] : await notesOf(ctx, sql`n.id in (${uuids(notes)})`);
  const byNote = new Map(unused.map((row) => [row.id, noteWords(row)]));
  const of = new Map(
    discounts.map((row) => [row.id, { label: discountWords(row), working: null as string | null }]),
  );
  for (const { id, creditNoteId } of rows) {
    const words = creditNoteId === null ? undefined : byNote.get(creditNoteId);
    if (words) of.set(id, words);
  }
  return { of };
}

/** The same for a bill made now that is held: what will lower it when it leaves. */
export async function heldCreditWords(ctx: BillingContext, customerId: string): Promise<CreditWords> {
  const { tx, organizationId, now } = ctx;
  const [note] = await notesOf(
    ctx,
    sql`n.customer_id = ${customerId} and n.created_at = ${new Date(now).toISOString()}::timestamptz`,
  );
  const running = await tx.execute<DiscountRow>(sql`
    select a.id, c.name, a.percentage_rate::text as percent, a.frequency, a.frequency_duration as bills,
      coalesce(a.frequency_duration - a.frequency_duration_remaining, 0) + 1 as ordinal
    from applied_coupons a
    join coupons c on c.organization_id = a.organization_id and c.id = a.coupon_id
    where a.organization_id = ${organizationId} and a.customer_id = ${customerId} and a.status = 'active'
    order by a.created_at`);
  return {
    of: new Map(),
    heldDiscount: { label: running.map(discountWords).join(' and ') || 'Discount', working: null },
    heldCredit: note && noteWords(note),
  };
}
