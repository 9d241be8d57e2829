import { setHistoricalUsage } from '@/lib/commands/usage/set-historical-usage';
import { loadLifetimeUsage } from '@/lib/queries/api/lifetime-usage';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import type { ApiRequest } from '../request.ts';
import { get, put } from '../routes.ts';
import { lifetimeUsageSchema, lifetimeUsageWire } from '../serializers/lifetime-usage.ts';
import { one } from '../wire-schema.ts';

const usageAnswer = one('lifetime_usage', lifetimeUsageSchema);

async function answer(request: ApiRequest) {
  const object = await request.read((tx) =>
    loadLifetimeUsage(tx, request.organizationId, request.param('external_id')),
  );
  return { lifetime_usage: lifetimeUsageWire(object) };
}

/** What an agreement used over its life (API contract, section 4). */
export function lifetimeUsage(door: Door): void {
  get(door, '/subscriptions/:external_id/lifetime_usage', { answers: usageAnswer }, answer);
  put(
    door,
    '/subscriptions/:external_id/lifetime_usage',
    {
      answers: usageAnswer,
      takes: body('lifetime_usage', setHistoricalUsage.input, { without: ['externalSubscriptionId'] }),
    },
    async (request) => {
      const given = await request.attributes('lifetime_usage');
      await request.run(setHistoricalUsage, {
        ...given,
        externalSubscriptionId: request.param('external_id'),
      });
      return answer(request);
    },
  );
}
