import { and, eq } from 'drizzle-orm';
import { customerDunning, customers, invoices } from '@/db/schema';
import { dunningStep } from '@/lib/billing/dunning/rule';
import type { BillingContext } from '@/lib/invoicing/context';
import { lockCustomer } from '@/lib/invoicing/customers';
import {
  type CampaignRow,
  expectDunning,
  overdue,
  overdueOf,
  readDunning,
  termsOf,
} from '@/lib/invoicing/dunning';
import { dueOf, type InvoiceRow } from '@/lib/invoicing/payments';
import { announce } from '@/lib/schedule/outbox';
import { writePaymentRequest } from '../payment-requests/write.ts';

/**
 * Due: a run of a customer's dunning campaign (semantics 13). Attempts are counted before anything is asked; whether there
 * is something to ask for is read again at this moment. The next run waits for the campaign, or for the next overdue bill.
 */
export async function dunDue(ctx: BillingContext, { subjectId }: { subjectId: string }): Promise<void> {
  await lockCustomer(ctx, subjectId);
  const { campaign, state } = await readDunning(ctx, subjectId);
  if (!campaign) return;
  const balances = await overdueOf(ctx, subjectId);
  const step = dunningStep(termsOf(campaign), state, balances, ctx.now);
  if (!step) return;
  await keepAttempts(ctx, subjectId, step.attempts);
  for (const currency of step.currencies) await ask(ctx, campaign, subjectId, currency);
  if (!step.finished) return expectDunning(ctx, subjectId);
  await announce(ctx.tx, ctx.organizationId, ctx.now, {
    type: 'dunning_campaign.finished',
    objectId: campaign.id,
    payload: {
      customer_id: subjectId,
      balances: Object.entries(balances)
        .filter(([currency]) => step.attempts[currency] !== undefined)
        .map(([currency, amount]) => ({ currency, amount: amount.toString() })),
    },
  });
}

async function keepAttempts(
  { tx, organizationId, now }: BillingContext,
  customerId: string,
  attempts: Record<string, number>,
): Promise<void> {
  const values = { attempts, lastAttemptAt: new Date(now), updatedAt: new Date(now) };
  await tx
    .insert(customerDunning)
    .values({ organizationId, customerId, ...values })
    .onConflictDoUpdate({
      target: [customerDunning.organizationId, customerDunning.customerId],
      set: values,
    });
}

/** One request for each billing entity that has overdue bills in this currency. */
async function ask(
  ctx: BillingContext,
  campaign: CampaignRow,
  customerId: string,
  currency: string,
): Promise<void> {
  const { tx, organizationId } = ctx;
  const [customer] = await tx
    .select({ email: customers.email })
    .from(customers)
    .where(and(eq(customers.organizationId, organizationId), eq(customers.id, customerId)));
  const rows = await tx
    .select()
    .from(invoices)
    .where(
      and(
        overdue(organizationId, customerId),
        eq(invoices.currency, currency),
        eq(invoices.readyForPaymentProcessing, true),
      ),
    )
    .orderBy(invoices.id)
    .for('update');
  const byEntity = new Map<string, InvoiceRow[]>();
  for (const invoice of rows.filter((one) => dueOf(one) > 0n)) {
    byEntity.set(invoice.billingEntityId, [...(byEntity.get(invoice.billingEntityId) ?? []), invoice]);
  }
  for (const asked of byEntity.values()) {
    await writePaymentRequest(ctx, { email: customer?.email ?? null, campaignId: campaign.id }, asked);
  }
}
