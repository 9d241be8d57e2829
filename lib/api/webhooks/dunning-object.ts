import { and, eq } from 'drizzle-orm';
import { customers, dunningCampaigns } from '@/db/schema';
import type { Loader } from './source.ts';

interface Balance {
  currency: string;
  /** Minor units as decimal text. */
  amount: string;
}

/** A campaign that has used its attempts up with a customer, and what they still owed of what it asked for. */
export const dunningCampaignObject: Loader = async ({ tx, organizationId, objectId, payload }) => {
  const [campaign] = await tx
    .select()
    .from(dunningCampaigns)
    .where(and(eq(dunningCampaigns.organizationId, organizationId), eq(dunningCampaigns.id, objectId)));
  const [customer] = await tx
    .select({ id: customers.id, externalId: customers.externalId })
    .from(customers)
    .where(and(eq(customers.organizationId, organizationId), eq(customers.id, String(payload.customer_id))));
  if (!campaign || !customer) return null;
  return {
    lago_id: campaign.id,
    dunning_campaign_code: campaign.code,
    dunning_campaign_name: campaign.name,
    lago_customer_id: customer.id,
    external_customer_id: customer.externalId,
    overdue_balances: (payload.balances as Balance[]).map(({ currency, amount }) => ({
      currency,
      amount_cents: BigInt(amount),
    })),
  };
};
