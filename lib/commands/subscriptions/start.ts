import { and, eq, inArray, isNull, min } from 'drizzle-orm';
import { z } from 'zod';
import { dueItems, invoiceSubscriptions, invoices } from '@/db/schema';
import { formatMoney } from '@/lib/billing/money/format';
import { localDate, startOfDay } from '@/lib/billing/periods/zone';
import { loadCustomer, lockCustomer } from '@/lib/invoicing/customers';
import type { InvoiceRow } from '@/lib/invoicing/payments';
import { invalid } from '@/lib/schedule/errors';
import { holdAnnouncements } from '@/lib/schedule/outbox';
import { type CommandContext, defineCommand, type Outcome } from '../core/command';
import { dayInWords } from '../core/day-words';
import { startNew } from './create';
import { choosePlan, findByExternalId } from './read';
import { tellAtOnce } from './take-back';

const LONGEST_WAIT_DAYS = 730;

const input = z.strictObject({
  customerId: z.uuid(),
  planCode: z.string().min(1),
  /** The id under which the customer's software sends use. */
  externalId: z.string().trim().min(1, 'Give the id your software sends use under.').max(255),
  name: z.string().trim().max(255).nullish(),
  billingTime: z.enum(['calendar', 'anniversary']),
  /** A local day of the customer's; today when absent. */
  startDay: z.iso.date('Write the day as 2026-10-30.').nullish(),
});

interface Started {
  subscriptionId: string;
  invoiceId: string | null;
}

/**
 * Starts a plan for a customer, today or on a later day of theirs. Other than the API's create it never changes what runs
 * under the same id. On screen: "Start a subscription".
 */
export const startSubscription = defineCommand<z.infer<typeof input>, Started>({
  name: 'subscriptions/start',
  input,
  right: 'subscriptions.write',
  reason: 'required',
  undo: 'held',
  async run(ctx, values) {
    await lockCustomer(ctx, values.customerId);
    const billed = await loadCustomer(ctx, values.customerId);
    if (billed.customer.deletedAt) invalid({ customerId: ['removed'] }, 'This customer was removed.');
    const currencyBefore = billed.customer.currency;
    const choice = await choosePlan(ctx, values.planCode);
    await assertFree(ctx, values.externalId);
    const startsAt = startInstant(ctx, values.startDay ?? null, billed.timezone);
    if (ctx.holdMinutes > 0) await holdAnnouncements(ctx.tx, ctx.now + ctx.holdMinutes * 60_000);
    const { customerId, planCode, externalId, name, billingTime } = values;
    const subscription = await startNew(
      ctx,
      billed,
      { customerId, planCode, externalId, name, billingTime, subscriptionAt: startsAt },
      { choice, name },
    );
    const invoice = await firstInvoice(ctx, subscription.id);
    const held = invoice?.status === 'draft' && invoice.releaseAt !== null;
    if (ctx.holdMinutes > 0) {
      await holdAnnouncements(ctx.tx, null);
      if (!held) await tellAtOnce(ctx, [subscription.id]);
    }
    const what = name || choice.plan.name;
    const total = invoice?.totalAmountMinor ?? 0n;
    return {
      result: { subscriptionId: subscription.id, invoiceId: invoice?.id ?? null },
      title:
        startsAt === null
          ? `Start ${what}${total > 0n ? `, charge ${formatMoney(total, invoice?.currency ?? choice.version.currency)}` : ''}`
          : `Start ${what} on ${dayInWords(localDate(startsAt, billed.timezone))}`,
      subject: { type: 'subscription', id: subscription.id },
      customerId,
      subscriptionId: subscription.id,
      before: null,
      after: { plan: choice.plan.code, status: subscription.status },
      ...(await wayBack(ctx, subscription.id, invoice, currencyBefore === null)),
    };
  },
});

async function assertFree(ctx: CommandContext, externalId: string): Promise<void> {
  if (!(await findByExternalId(ctx, externalId, ['active', 'pending']))) return;
  invalid(
    { externalId: ['value_already_exist'] },
    `Another subscription goes by the id ${externalId}. Give this one an id of its own.`,
  );
}

/** When it starts, epoch milliseconds; null for now. */
function startInstant({ now }: CommandContext, day: string | null, timezone: string): number | null {
  const today = localDate(now, timezone);
  if (day === null || day === today) return null;
  if (day < today) {
    invalid({ startDay: ['invalid_date'] }, 'This day has passed. Start today, or choose a later day.');
  }
  const at = startOfDay(day, timezone);
  if (at - now > LONGEST_WAIT_DAYS * 86_400_000) {
    invalid({ startDay: ['invalid_date'] }, 'This is more than two years ahead. Choose an earlier day.');
  }
  return at;
}

/** The invoice the start made, if any. */
async function firstInvoice(
  { tx, organizationId }: CommandContext,
  subscriptionId: string,
): Promise<InvoiceRow | null> {
  const [row] = await tx
    .select({ invoice: invoices })
    .from(invoiceSubscriptions)
    .innerJoin(
      invoices,
      and(eq(invoices.organizationId, organizationId), eq(invoices.id, invoiceSubscriptions.invoiceId)),
    )
    .where(
      and(
        eq(invoiceSubscriptions.organizationId, organizationId),
        eq(invoiceSubscriptions.subscriptionId, subscriptionId),
        eq(invoiceSubscriptions.live, true),
      ),
    )
    .limit(1);
  return row?.invoice ?? null;
}

/** A start goes back whole until its first invoice has left; one without an invoice until something of it falls due. */
async function wayBack(
  ctx: CommandContext,
  subscriptionId: string,
  invoice: InvoiceRow | null,
  settledCurrency: boolean,
): Promise<Pick<Outcome<Started>, 'inverse' | 'undo' | 'undoUntil'>> {
  const held = invoice?.status === 'draft' && invoice.releaseAt !== null;
  if (invoice && !held) return { undo: 'fix_forward' };
  return {
    inverse: {
      command: 'subscriptions/undo-start',
      input: { subscriptionId, invoiceId: invoice?.id ?? null, settledCurrency },
    },
    undo: held ? 'held' : 'reversible',
    undoUntil: held ? invoice.releaseAt?.getTime() : await firstDue(ctx, subscriptionId),
  };
}

/** When the start, the trial's end or the first bill falls due, whichever is first. */
async function firstDue(
  { tx, organizationId }: CommandContext,
  subscriptionId: string,
): Promise<number | undefined> {
  const [row] = await tx
    .select({ at: min(dueItems.dueAt) })
    .from(dueItems)
    .where(
      and(
        eq(dueItems.organizationId, organizationId),
        inArray(dueItems.kind, ['subscription.activate', 'subscription.trial_end', 'subscription.bill']),
        eq(dueItems.subjectId, subscriptionId),
        isNull(dueItems.doneAt),
        isNull(dueItems.canceledAt),
      ),
    );
  return row?.at?.getTime();
}
