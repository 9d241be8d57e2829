import { removePlanEntitlement, setPlanEntitlements } from '@/lib/commands/features/plan-entitlements';
import {
  removeSubscriptionEntitlement,
  setSubscriptionEntitlements,
} from '@/lib/commands/features/subscription-entitlements';
import { findPlan } from '@/lib/commands/plans/find';
import { loadPlanEntitlements, loadSubscriptionEntitlements } from '@/lib/queries/api/features';
import type { SubscriptionRow } from '@/lib/queries/api/subscriptions';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { missingRoot, unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, patch, post, remove } from '../routes.ts';
import {
  planEntitlementSchema,
  planEntitlementWire,
  subscriptionEntitlementSchema,
  subscriptionEntitlementWire,
} from '../serializers/feature.ts';
import { all, one } from '../wire-schema.ts';
import { statusAsked, subscriptionOf } from './subscriptions.ts';

const STATUS = ['subscription_status', 'status'];
const ofPlans = all('entitlements', planEntitlementSchema);
const ofOnePlan = one('entitlement', planEntitlementSchema);
const ofSubscriptions = all('entitlements', subscriptionEntitlementSchema);
const planBody = body('entitlements', setPlanEntitlements.input, { member: 'entitlements' });

/** The body has no singular root: `entitlements: {feature: {privilege: value}}`. Throws 400 when it is missing. */
async function given(request: ApiRequest): Promise<unknown> {
  const { entitlements } = await request.body();
  if (entitlements === undefined || entitlements === null) throw missingRoot('entitlements');
  return entitlements;
}

async function ofPlan(request: ApiRequest) {
  return request.read(async (tx) => {
    const { plan } = await findPlan(tx, request.organizationId, request.param('code'));
    return (await loadPlanEntitlements(tx, request.organizationId, [plan.id]))(plan.id);
  });
}

async function planList(request: ApiRequest) {
  return { entitlements: (await ofPlan(request)).map(planEntitlementWire) };
}

async function planOne(request: ApiRequest) {
  const all = await ofPlan(request);
  const found = all.find(({ feature }) => feature.code === request.param('feature_code'));
  if (!found) throw unknown('entitlement');
  return { entitlement: planEntitlementWire(found) };
}

/** What plans include (API contract 2.2): POST replaces, PATCH merges. */
export function planEntitlements(door: Door): void {
  const list = '/plans/:code/entitlements';
  const one = `${list}/:feature_code`;
  const set = async (request: ApiRequest, replace: boolean) => {
    const entitlements = await given(request);
    await request.run(setPlanEntitlements, { plan_code: request.param('code'), entitlements, replace });
    return planList(request);
  };
  const target = (request: ApiRequest) => ({
    plan_code: request.param('code'),
    feature_code: request.param('feature_code'),
  });
  get(door, list, { answers: ofPlans }, planList);
  post(door, list, { answers: ofPlans, takes: planBody }, (request) => set(request, true));
  patch(door, list, { answers: ofPlans, takes: planBody }, (request) => set(request, false));
  get(door, one, { answers: ofOnePlan }, planOne);
  remove(door, one, { answers: ofOnePlan }, async (request) => {
    const before = await planOne(request);
    await request.run(removePlanEntitlement, target(request));
    return before;
  });
  remove(door, `${one}/privileges/:privilege_code`, { answers: ofOnePlan }, async (request) => {
    const privilege_code = request.param('privilege_code');
    await request.run(removePlanEntitlement, { ...target(request), privilege_code });
    return planOne(request);
  });
}

async function subscriptionList(request: ApiRequest, subscription: SubscriptionRow) {
  const rows = await request.read((tx) =>
    loadSubscriptionEntitlements(tx, request.organizationId, subscription),
  );
  return { entitlements: rows.map(subscriptionEntitlementWire) };
}

/** What one subscription may use (API contract, section 4). Removals answer the whole list (section 12, 3). */
export function subscriptionEntitlements(door: Door): void {
  const list = '/subscriptions/:external_id/entitlements';
  const one = `${list}/:feature_code`;
  const taken = async (request: ApiRequest, privilege_code?: string) => {
    const subscription = await subscriptionOf(request, statusAsked(request));
    const feature_code = request.param('feature_code');
    const input = { subscription_id: subscription.id, feature_code, privilege_code };
    await request.run(removeSubscriptionEntitlement, input);
    return subscriptionList(request, subscription);
  };
  get(door, list, { answers: ofSubscriptions, filters: STATUS }, async (request) =>
    subscriptionList(request, await subscriptionOf(request, statusAsked(request))),
  );
  patch(
    door,
    list,
    {
      answers: ofSubscriptions,
      takes: body('entitlements', setSubscriptionEntitlements.input, { member: 'entitlements' }),
      filters: STATUS,
    },
    async (request) => {
      const entitlements = await given(request);
      const subscription = await subscriptionOf(request, statusAsked(request));
      await request.run(setSubscriptionEntitlements, { subscription_id: subscription.id, entitlements });
      return subscriptionList(request, subscription);
    },
  );
  remove(door, one, { answers: ofSubscriptions, filters: STATUS }, (request) => taken(request));
  remove(
    door,
    `${one}/privileges/:privilege_code`,
    { answers: ofSubscriptions, filters: STATUS },
    (request) => taken(request, request.param('privilege_code')),
  );
}
