import { z } from 'zod';
import { loosely, parseInput } from '@/lib/commands/core/fields';
import { estimateFees } from '@/lib/queries/api/estimate';
import { loadSubscribedPlans } from '@/lib/queries/api/overridden-plan';
import type { ChargeNode } from '@/lib/queries/api/plan-graph';
import { findSubscription } from '@/lib/queries/api/subscriptions';
import { listPastUsage, loadCurrentUsage, type UsageQuestion } from '@/lib/queries/api/usage';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unprocessable } from '../errors.ts';
import type { QueryFilters } from '../query.ts';
import { type ApiRequest, isObject } from '../request.ts';
import { get, post } from '../routes.ts';
import { feeSchema, feeWire } from '../serializers/fee.ts';
import {
  currentUsageWire,
  pastUsageWire,
  projectedUsageSchema,
  projectedUsageWire,
  usageSchema,
} from '../serializers/usage.ts';
import { all, is, one, page, resource } from '../wire-schema.ts';
import { listed } from './listing.ts';

const FILTERS = [
  'external_subscription_id',
  'apply_taxes',
  'charge_id',
  'filter_by_charge_id',
  'charge_code',
  'filter_by_charge_code',
  'billable_metric_code',
  'filter_by_metric_code',
  'group',
  'filter_by_group',
  'skip_grouping',
  'full_usage',
  'filter_by_presentation',
];
/** What is asked of an event that is not sent. */
export const estimatedEvent = z.object({
  transaction_id: loosely({ type: 'string' }),
  code: loosely({ type: 'string' }),
  external_subscription_id: loosely({ type: 'string' }),
  properties: loosely({ type: 'object' }),
});
const unmadeFeeSchema = resource('UnmadeFee', { ...feeSchema.shape, lago_id: is.null, created_at: is.null });

/** A group as `filter_by_group[key]=value` or as JSON text. */
function groupOf(query: QueryFilters): Record<string, string> | undefined {
  const group = { ...query.map('group'), ...query.map('filter_by_group') };
  const text = query.text('filter_by_group', 'group');
  if (text) {
    try {
      const parsed: unknown = JSON.parse(text);
      if (isObject(parsed)) for (const [key, value] of Object.entries(parsed)) group[key] = String(value);
    } catch {
      throw unprocessable({ filter_by_group: ['invalid_format'] });
    }
  }
  return Object.keys(group).length > 0 ? group : undefined;
}

/** Values as JSON text of a list; an empty list asks for no breakdowns at all. */
function presentationOf(query: QueryFilters): string[] | undefined {
  const text = query.text('filter_by_presentation');
  if (text === undefined) return undefined;
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    throw unprocessable({ filter_by_presentation: ['invalid_format'] });
  }
}

function questionOf(request: ApiRequest): UsageQuestion {
  const { query } = request;
  return {
    externalCustomerId: request.param('external_id'),
    externalSubscriptionId: query.text('external_subscription_id') ?? '',
    applyTaxes: query.flag('apply_taxes') ?? true,
    chargeId: query.text('filter_by_charge_id', 'charge_id'),
    chargeCode: query.text('filter_by_charge_code', 'charge_code'),
    metricCode: query.text('filter_by_metric_code', 'billable_metric_code'),
    group: groupOf(query),
    skipGrouping: query.flag('skip_grouping'),
    full: query.flag('full_usage'),
    presentation: presentationOf(query),
  };
}

async function pastUsage(request: ApiRequest) {
  const { query, organizationId } = request;
  const externalSubscriptionId = query.text('external_subscription_id');
  if (!externalSubscriptionId) {
    throw unprocessable({ external_subscription_id: ['value_is_mandatory'] });
  }
  const externalCustomerId = request.param('external_id');
  const most = Number(query.text('periods_count') ?? Number.NaN);
  const window = { ...request.page, ...(Number.isInteger(most) && most > 0 ? { most } : {}) };
  return request.read(async (tx) => {
    const metricCode = query.text('billable_metric_code');
    const question = { externalCustomerId, externalSubscriptionId, metricCode };
    const periods = await listPastUsage(tx, organizationId, question, window);
    const row = await findSubscription(tx, organizationId, externalSubscriptionId, ['active', 'terminated']);
    const versions = new Set(periods.rows.map(({ period }) => period.planVersionId));
    const plans = await loadSubscribedPlans(tx, organizationId, [
      ...[...versions].map((planVersionId) => ({ subscriptionId: planVersionId, planVersionId })),
      ...(row ? [{ subscriptionId: row.id, planVersionId: row.planVersionId }] : []),
    ]);
    const charges = new Map<string, ChargeNode>();
    for (const { charges: own } of plans.values()) {
      for (const charge of own) charges.set(charge.parentId ?? charge.row.id, charge);
    }
    return listed(request, 'usage_periods', periods, (period) => pastUsageWire(period, charges));
  });
}

/** Usage of customers (API contract 3.1) and what an event would cost (section 5). */
export function usage(door: Door): void {
  get(
    door,
    '/customers/:external_id/current_usage',
    { answers: one('customer_usage', usageSchema), filters: FILTERS },
    async (request) => {
      const question = questionOf(request);
      const answer = await request.read((tx) => loadCurrentUsage(tx, request.organizationId, question));
      return { customer_usage: currentUsageWire(answer) };
    },
  );
  get(
    door,
    '/customers/:external_id/projected_usage',
    { answers: one('customer_projected_usage', projectedUsageSchema), filters: FILTERS },
    async (request) => {
      const question = { ...questionOf(request), projected: true };
      const answer = await request.read((tx) => loadCurrentUsage(tx, request.organizationId, question));
      return { customer_projected_usage: projectedUsageWire(answer) };
    },
  );
  get(
    door,
    '/customers/:external_id/past_usage',
    {
      answers: page('usage_periods', usageSchema),
      filters: ['external_subscription_id', 'billable_metric_code', 'periods_count'],
    },
    pastUsage,
  );
  post(
    door,
    '/events/estimate_fees',
    { answers: all('fees', unmadeFeeSchema), takes: body('event', estimatedEvent) },
    async (request) => {
      const event = parseInput(estimatedEvent, await request.attributes('event'));
      const question = {
        code: String(event.code ?? ''),
        externalSubscriptionId: String(event.external_subscription_id ?? ''),
        properties: isObject(event.properties) ? event.properties : {},
      };
      const fees = await request.read((tx) => estimateFees(tx, request.organizationId, question));
      return { fees: fees.map((fee) => ({ ...feeWire(fee), lago_id: null, created_at: null })) };
    },
  );
}
