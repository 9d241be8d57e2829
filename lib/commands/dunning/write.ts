import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { billingEntities, customerDunning, dunningCampaigns } from '@/db/schema';
import { reached } from '@/lib/billing/dunning/rule';
import { type CampaignRow, expectDunning, overdueOf, startOver, termsOf } from '@/lib/invoicing/dunning';
import { notFound } from '@/lib/schedule/errors';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { currency, identifier, integer, minorUnits, optionalText, text } from '../core/fields.ts';
import { orTaken } from '../core/taken.ts';
import { dunnedBy } from './dunned.ts';

const thresholds = z
  .array(z.object({ currency: currency(), amount_cents: minorUnits() }), { error: 'must_be_an_array' })
  .min(1, { error: 'value_is_mandatory' })
  .refine((given) => new Set(given.map((one) => one.currency)).size === given.length, {
    error: 'value_is_duplicated',
  });

const campaignInput = z.object({
  code: identifier(),
  name: text(255),
  description: optionalText(),
  max_attempts: integer(1, 100),
  days_between_attempts: integer(1, 365),
  thresholds,
});
type Input = z.infer<typeof campaignInput>;

const stored = (given: Input['thresholds']) =>
  given.map((one) => ({ currency: one.currency, amountMinor: one.amount_cents.toString() }));

/** Throws not_found. */
export async function findCampaign(tx: Tx, organizationId: string, code: string): Promise<CampaignRow> {
  const [row] = await tx
    .select()
    .from(dunningCampaigns)
    .where(
      and(
        eq(dunningCampaigns.organizationId, organizationId),
        eq(dunningCampaigns.code, code),
        isNull(dunningCampaigns.deletedAt),
      ),
    );
  return row ?? notFound('dunning_campaign');
}

/** Lays down how overdue money is asked for again (semantics 13). Nobody is asked until it is given to somebody. */
export const createCampaign = defineCommand<Input, CampaignRow>({
  name: 'dunning/create-campaign',
  input: campaignInput,
  right: 'settings.write',
  reason: 'none',
  undo: null,
  async run({ tx, organizationId, now }, input) {
    const campaign = orTaken(
      await tx
        .insert(dunningCampaigns)
        .values({
          organizationId,
          id: newId(),
          code: input.code,
          name: input.name,
          description: input.description ?? null,
          maxAttempts: input.max_attempts,
          daysBetweenAttempts: input.days_between_attempts,
          thresholds: stored(input.thresholds),
          createdAt: new Date(now),
          updatedAt: new Date(now),
        })
        .onConflictDoNothing()
        .returning(),
    );
    return outcome('Lay down the campaign', campaign, null, campaign);
  },
});

const changesInput = z.object({
  code: identifier(),
  changes: campaignInput.omit({ code: true }).partial(),
});

/**
 * Changes a campaign. Customers who no longer reach any of its thresholds begin again from their first attempt; the
 * others go on where they are.
 */
export const updateCampaign = defineCommand<z.infer<typeof changesInput>, CampaignRow>({
  name: 'dunning/update-campaign',
  input: changesInput,
  right: 'settings.write',
  reason: 'none',
  undo: null,
  async run(ctx, { code, changes }) {
    const { tx, organizationId, now } = ctx;
    const before = await findCampaign(tx, organizationId, code);
    const [after = before] = await tx
      .update(dunningCampaigns)
      .set({
        name: changes.name,
        description: changes.description,
        maxAttempts: changes.max_attempts,
        daysBetweenAttempts: changes.days_between_attempts,
        thresholds: changes.thresholds && stored(changes.thresholds),
        updatedAt: new Date(now),
      })
      .where(and(eq(dunningCampaigns.organizationId, organizationId), eq(dunningCampaigns.id, before.id)))
      .returning();
    await carryOn(ctx, after);
    return outcome('Change the campaign', before, before, after);
  },
});

async function carryOn(ctx: CommandContext, campaign: CampaignRow): Promise<void> {
  for (const customerId of await dunnedBy(ctx, campaign.id)) {
    const balances = await overdueOf(ctx, customerId);
    if (reached(termsOf(campaign), balances).length === 0) await startOver(ctx, [customerId]);
    else await expectDunning(ctx, customerId);
  }
}

const removal = z.object({ code: identifier() });

/** Ends a campaign: whoever was dunned by it is asked no more. */
export const deleteCampaign = defineCommand<z.infer<typeof removal>, CampaignRow>({
  name: 'dunning/delete-campaign',
  input: removal,
  right: 'settings.write',
  reason: 'none',
  undo: null,
  async run(ctx, { code }) {
    const { tx, organizationId, now } = ctx;
    const before = await findCampaign(tx, organizationId, code);
    const dunned = await dunnedBy(ctx, before.id);
    const at = new Date(now);
    await tx
      .update(dunningCampaigns)
      .set({ deletedAt: at, updatedAt: at })
      .where(and(eq(dunningCampaigns.organizationId, organizationId), eq(dunningCampaigns.id, before.id)));
    await tx
      .update(billingEntities)
      .set({ dunningCampaignId: null, updatedAt: at })
      .where(
        and(
          eq(billingEntities.organizationId, organizationId),
          eq(billingEntities.dunningCampaignId, before.id),
        ),
      );
    await tx
      .update(customerDunning)
      .set({ campaignId: null, updatedAt: at })
      .where(
        and(eq(customerDunning.organizationId, organizationId), eq(customerDunning.campaignId, before.id)),
      );
    await startOver(ctx, dunned);
    return outcome('Remove the campaign', before, before, null);
  },
});

function outcome(act: string, campaign: CampaignRow, before: CampaignRow | null, after: CampaignRow | null) {
  return {
    result: after ?? campaign,
    title: `${act} "${campaign.name}"`,
    subject: { type: 'dunning_campaign', id: campaign.id },
    before,
    after,
  };
}
