import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import {
  billingEntities,
  customerDunning,
  customers,
  dunningCampaigns,
  invoices,
  paymentRequestInvoices,
  paymentRequests,
} from '@/db/schema';
import type { DunningCampaign, DunningState } from '@/lib/billing/dunning/rule';
import { nextDunningRun } from '@/lib/billing/dunning/rule';
import { DAY } from '@/lib/billing/periods/zone';
import { reschedule } from '@/lib/schedule/due';
import type { BillingContext } from './context';

export type CampaignRow = typeof dunningCampaigns.$inferSelect;

/** The campaign a customer is dunned by, and how far it has come. */
export interface CustomerDunning {
  campaign: CampaignRow | null;
  /** Whether the campaign is the billing entity's. */
  inherited: boolean;
  excluded: boolean;
  state: DunningState;
}

/** A customer's own campaign, else their billing entity's; none for who is left out (semantics 13). */
export async function readDunning(
  { tx, organizationId }: Pick<BillingContext, 'tx' | 'organizationId'>,
  customerId: string,
): Promise<CustomerDunning> {
  const [row] = await tx
    .select({
      own: customerDunning.campaignId,
      excluded: customerDunning.excluded,
      lastAttemptAt: customerDunning.lastAttemptAt,
      attempts: customerDunning.attempts,
      campaign: dunningCampaigns,
    })
    .from(customers)
    .innerJoin(
      billingEntities,
      and(
        eq(billingEntities.organizationId, organizationId),
        eq(billingEntities.id, customers.billingEntityId),
      ),
    )
    .leftJoin(
      customerDunning,
      and(eq(customerDunning.organizationId, organizationId), eq(customerDunning.customerId, customers.id)),
    )
    .leftJoin(
      dunningCampaigns,
      and(
        eq(dunningCampaigns.organizationId, organizationId),
        eq(
          dunningCampaigns.id,
          sql`coalesce(${customerDunning.campaignId}, ${billingEntities.dunningCampaignId})`,
        ),
        isNull(dunningCampaigns.deletedAt),
      ),
    )
    .where(and(eq(customers.organizationId, organizationId), eq(customers.id, customerId)));
  const excluded = row?.excluded ?? false;
  return {
    campaign: excluded ? null : (row?.campaign ?? null),
    inherited: !row?.own,
    excluded,
    state: { lastAttemptAt: row?.lastAttemptAt?.getTime() ?? null, attempts: row?.attempts ?? {} },
  };
}

export function termsOf(campaign: CampaignRow): DunningCampaign {
  const { maxAttempts, daysBetweenAttempts } = campaign;
  const thresholds = campaign.thresholds.map(({ currency, amountMinor }) => ({
    currency,
    amountMinor: BigInt(amountMinor),
  }));
  return { maxAttempts, daysBetweenAttempts, thresholds };
}

/** What a customer owes that is overdue, by currency, gross of partial payments; bills of partners are not counted. */
export async function overdueOf(
  { tx, organizationId }: BillingContext,
  customerId: string,
): Promise<Record<string, bigint>> {
  const rows = await tx
    .select({ currency: invoices.currency, total: sql<string>`sum(${invoices.totalAmountMinor})::text` })
    .from(invoices)
    .where(overdue(organizationId, customerId))
    .groupBy(invoices.currency);
  return Object.fromEntries(rows.map(({ currency, total }) => [currency, BigInt(total)]));
}

/** The condition for a customer's overdue invoices. */
export function overdue(organizationId: string, customerId: string) {
  return and(
    eq(invoices.organizationId, organizationId),
    eq(invoices.customerId, customerId),
    eq(invoices.status, 'finalized'),
    eq(invoices.paymentOverdue, true),
    eq(invoices.selfBilled, false),
  );
}

/** Puts the next run of a customer's campaign on the calendar: the wait since the last attempt must be over by then. */
export async function expectDunning(ctx: BillingContext, customerId: string): Promise<void> {
  const { campaign, state } = await readDunning(ctx, customerId);
  if (!campaign) return;
  const { lastAttemptAt } = state;
  const waited = lastAttemptAt === null ? ctx.now : lastAttemptAt + campaign.daysBetweenAttempts * DAY;
  const dueAt = nextDunningRun(Math.max(ctx.now, waited));
  await reschedule(ctx.tx, ctx.organizationId, ctx.now, {
    kind: 'customer.dun',
    key: new Date(dueAt).toISOString(),
    dueAt,
    customerId,
    subjectId: customerId,
  });
}

/** Forgets the attempts of these customers, as another campaign begins (semantics 13), and expects the next run. */
export async function startOver(ctx: BillingContext, customerIds: string[]): Promise<void> {
  if (customerIds.length === 0) return;
  await ctx.tx
    .update(customerDunning)
    .set({ attempts: {}, lastAttemptAt: null, updatedAt: new Date(ctx.now) })
    .where(
      and(
        eq(customerDunning.organizationId, ctx.organizationId),
        inArray(customerDunning.customerId, customerIds),
      ),
    );
  for (const customerId of customerIds) await expectDunning(ctx, customerId);
}

/** An invoice that a campaign had asked for was paid: its currency's attempts begin again (semantics 13). */
export async function resetDunned(
  { tx, organizationId, now }: BillingContext,
  invoice: Pick<typeof invoices.$inferSelect, 'id' | 'customerId' | 'currency'>,
): Promise<void> {
  await tx
    .update(customerDunning)
    .set({ attempts: sql`${customerDunning.attempts} - ${invoice.currency}::text`, updatedAt: new Date(now) })
    .where(
      and(
        eq(customerDunning.organizationId, organizationId),
        eq(customerDunning.customerId, invoice.customerId),
        sql`exists (select 1 from ${paymentRequestInvoices} l
          join ${paymentRequests} r on r.organization_id = l.organization_id and r.id = l.payment_request_id
          where l.organization_id = ${organizationId} and l.invoice_id = ${invoice.id}
            and r.dunning_campaign_id is not null)`,
      ),
    );
}
