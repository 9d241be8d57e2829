import { z } from 'zod';
import { findBillingEntity, findCustomer } from '@/lib/commands/customers/find';
import { dunCustomer, dunEntity } from '@/lib/commands/dunning/assign';
import { createCampaign, deleteCampaign, findCampaign, updateCampaign } from '@/lib/commands/dunning/write';
import { type CampaignRow, readDunning } from '@/lib/invoicing/dunning';
import { listCampaigns } from '@/lib/queries/api/dunning';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import { ts, tsOrNull } from '../wire.ts';
import { is, one, page, resource, type Wire } from '../wire-schema.ts';
import { listed } from './listing.ts';

const campaignSchema = resource('DunningCampaign', {
  lago_id: is.uuid,
  code: is.str,
  name: is.str,
  description: is.str.nullable(),
  max_attempts: is.int,
  days_between_attempts: is.int,
  thresholds: z.array(z.object({ currency: is.currency, amount_cents: is.cents })),
  created_at: is.ts,
});
const campaignAnswer = one('dunning_campaign', campaignSchema);

function wire(campaign: CampaignRow): Wire<typeof campaignSchema> {
  return {
    lago_id: campaign.id,
    code: campaign.code,
    name: campaign.name,
    description: campaign.description,
    max_attempts: campaign.maxAttempts,
    days_between_attempts: campaign.daysBetweenAttempts,
    thresholds: campaign.thresholds.map(({ currency, amountMinor }) => ({
      currency,
      amount_cents: BigInt(amountMinor),
    })),
    created_at: ts(campaign.createdAt),
  };
}

const customerSchema = resource('CustomerDunning', {
  external_customer_id: is.str,
  campaign_code: is.str.nullable(),
  /** Whether the campaign is that of the customer's billing entity. */
  inherited: is.bool,
  excluded: is.bool,
  last_attempt_at: is.ts.nullable(),
  attempts: z.array(z.object({ currency: is.currency, attempts: is.int })),
});
const customerAnswer = one('dunning', customerSchema);

async function ofCustomer(request: ApiRequest): Promise<Wire<typeof customerAnswer>> {
  const { organizationId } = request;
  const [customer, dunning] = await request.read(async (tx) => {
    const row = await findCustomer(tx, organizationId, request.param('external_id'));
    return [row, await readDunning({ tx, organizationId }, row.id)] as const;
  });
  const { campaign, inherited, excluded, state } = dunning;
  return {
    dunning: {
      external_customer_id: customer.externalId,
      campaign_code: campaign?.code ?? null,
      inherited,
      excluded,
      last_attempt_at: tsOrNull(state.lastAttemptAt),
      attempts: Object.entries(state.attempts)
        .map(([currency, attempts]) => ({ currency, attempts }))
        .toSorted((a, b) => (a.currency < b.currency ? -1 : 1)),
    },
  };
}

const entityAnswer = one(
  'dunning',
  z.object({ billing_entity_code: is.str, campaign_code: is.str.nullable() }),
);

/** Dunning campaigns (semantics 13). Lago defines them in its console only; these calls are ours. */
export function dunning(door: Door): void {
  post(
    door,
    '/dunning_campaigns',
    { answers: campaignAnswer, takes: body('dunning_campaign', createCampaign.input) },
    async (request) => ({
      dunning_campaign: wire(await request.run(createCampaign, await request.attributes('dunning_campaign'))),
    }),
  );
  get(door, '/dunning_campaigns', { answers: page('dunning_campaigns', campaignSchema) }, async (request) => {
    const rows = await request.read((tx) => listCampaigns(tx, request.organizationId, request.page));
    return listed(request, 'dunning_campaigns', rows, wire);
  });
  get(door, '/dunning_campaigns/:code', { answers: campaignAnswer }, async (request) => ({
    dunning_campaign: wire(
      await request.read((tx) => findCampaign(tx, request.organizationId, request.param('code'))),
    ),
  }));
  put(
    door,
    '/dunning_campaigns/:code',
    {
      answers: campaignAnswer,
      takes: body('dunning_campaign', updateCampaign.input, { member: 'changes' }),
    },
    async (request) => {
      const changes = await request.attributes('dunning_campaign');
      return {
        dunning_campaign: wire(await request.run(updateCampaign, { code: request.param('code'), changes })),
      };
    },
  );
  remove(door, '/dunning_campaigns/:code', { answers: campaignAnswer }, async (request) => ({
    dunning_campaign: wire(await request.run(deleteCampaign, { code: request.param('code') })),
  }));
  get(door, '/customers/:external_id/dunning', { answers: customerAnswer }, ofCustomer);
  put(
    door,
    '/customers/:external_id/dunning',
    {
      answers: customerAnswer,
      takes: body('dunning', dunCustomer.input, { without: ['external_customer_id'] }),
    },
    async (request) => {
      const given = await request.attributes('dunning');
      await request.run(dunCustomer, { ...given, external_customer_id: request.param('external_id') });
      return ofCustomer(request);
    },
  );
  put(
    door,
    '/billing_entities/:code/dunning',
    { answers: entityAnswer, takes: body('dunning', dunEntity.input, { without: ['code'] }) },
    async (request) => {
      const given = await request.attributes('dunning');
      const { code } = await request.run(dunEntity, { ...given, code: request.param('code') });
      const entity = await request.read((tx) => findBillingEntity(tx, request.organizationId, code));
      const campaign_code = entity.dunningCampaignId ? String(given.campaign_code) : null;
      return { dunning: { billing_entity_code: code, campaign_code } };
    },
  );
}
