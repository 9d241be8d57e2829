import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { billingEntities, customerDunning } from '@/db/schema';
import { lockCustomer } from '@/lib/invoicing/customers';
import { readDunning, startOver } from '@/lib/invoicing/dunning';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { identifier, optionalFlag } from '../core/fields.ts';
import {
  type BillingEntityRow,
  type CustomerRow,
  findBillingEntity,
  findCustomer,
} from '../customers/find.ts';
import { dunnedBy } from './dunned.ts';
import { findCampaign } from './write.ts';

const campaignOf = async ({ tx, organizationId }: CommandContext, code: string | null) =>
  code === null ? null : await findCampaign(tx, organizationId, code);

const customerInput = z.object({
  external_customer_id: identifier(),
  campaign_code: identifier().nullish(),
  excluded: optionalFlag(),
});

/**
 * Gives a customer a campaign of their own (null: their entity's again), or leaves them out of all. Another campaign begins
 * with its first attempt.
 */
export const dunCustomer = defineCommand<z.infer<typeof customerInput>, CustomerRow>({
  name: 'dunning/assign-customer',
  input: customerInput,
  right: 'settings.write',
  reason: 'none',
  undo: null,
  async run(ctx, given) {
    const { tx, organizationId, now } = ctx;
    const customer = await findCustomer(tx, organizationId, given.external_customer_id);
    await lockCustomer(ctx, customer.id);
    const before = await readDunning(ctx, customer.id);
    const own = given.campaign_code === undefined ? undefined : await campaignOf(ctx, given.campaign_code);
    const values = {
      ...(own === undefined ? {} : { campaignId: own?.id ?? null }),
      ...(given.excluded == null ? {} : { excluded: given.excluded }),
      updatedAt: new Date(now),
    };
    await tx
      .insert(customerDunning)
      .values({ organizationId, customerId: customer.id, ...values })
      .onConflictDoUpdate({
        target: [customerDunning.organizationId, customerDunning.customerId],
        set: values,
      });
    const after = await readDunning(ctx, customer.id);
    if (before.campaign?.id !== after.campaign?.id) await startOver(ctx, [customer.id]);
    return {
      result: customer,
      title: after.campaign ? `Dun by the campaign "${after.campaign.name}"` : 'Dun no more',
      subject: { type: 'customer', id: customer.id },
      customerId: customer.id,
      before: { campaign: before.campaign?.code ?? null, excluded: before.excluded },
      after: { campaign: after.campaign?.code ?? null, excluded: after.excluded },
    };
  },
});

const entityInput = z.object({ code: identifier(), campaign_code: identifier().nullable() });

/** Gives a billing entity the campaign of all its customers who have none of their own; null takes it away. */
export const dunEntity = defineCommand<z.infer<typeof entityInput>, BillingEntityRow>({
  name: 'dunning/assign-entity',
  input: entityInput,
  right: 'settings.write',
  reason: 'none',
  undo: null,
  async run(ctx, given) {
    const { tx, organizationId, now } = ctx;
    const before = await findBillingEntity(tx, organizationId, given.code);
    const campaign = await campaignOf(ctx, given.campaign_code);
    const dunned = before.dunningCampaignId ? await dunnedBy(ctx, before.dunningCampaignId) : [];
    const [after = before] = await tx
      .update(billingEntities)
      .set({ dunningCampaignId: campaign?.id ?? null, updatedAt: new Date(now) })
      .where(and(eq(billingEntities.organizationId, organizationId), eq(billingEntities.id, before.id)))
      .returning();
    if (before.dunningCampaignId !== after.dunningCampaignId) {
      const dunnedNow = campaign ? await dunnedBy(ctx, campaign.id) : [];
      await startOver(ctx, [...new Set([...dunned, ...dunnedNow])]);
    }
    return {
      result: after,
      title: campaign ? `Dun by the campaign "${campaign.name}"` : 'Dun no more',
      subject: { type: 'billing_entity', id: before.id },
      before: { campaignId: before.dunningCampaignId },
      after: { campaignId: after.dunningCampaignId },
    };
  },
});
