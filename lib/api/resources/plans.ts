import type { Tx } from '@/db/clients';
import { createPlan } from '@/lib/commands/plans/create';
import { deletePlan } from '@/lib/commands/plans/delete';
import { findPlan } from '@/lib/commands/plans/find';
import { updatePlan } from '@/lib/commands/plans/update';
import { listPlans } from '@/lib/queries/api/catalogue';
import { loadPlanEntitlements } from '@/lib/queries/api/features';
import { loadPlanGraphs, type PlanGraph } from '@/lib/queries/api/plan-graph';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import { planSchema, planWire } from '../serializers/plan.ts';
import { one, page } from '../wire-schema.ts';
import { listed } from './listing.ts';

const planAnswer = one('plan', planSchema);

async function wired(request: ApiRequest, load: (tx: Tx) => Promise<PlanGraph>) {
  return request.read(async (tx) => {
    const graph = await load(tx);
    const { id } = graph.plan;
    const entitlements = (await loadPlanEntitlements(tx, request.organizationId, [id]))(id);
    return { plan: planWire(graph, { fixedCharges: true, entitlements }) };
  });
}

function answer(request: ApiRequest, code: string) {
  return wired(request, (tx) => findPlan(tx, request.organizationId, code));
}

/** Plans (API contract 2.2). */
export function plans(door: Door): void {
  post(door, '/plans', { answers: planAnswer, takes: body('plan', createPlan.input) }, async (request) => {
    const { code } = await request.run(createPlan, await request.attributes('plan'));
    return answer(request, code);
  });
  get(door, '/plans', { answers: page('plans', planSchema) }, async (request) => {
    const { organizationId, page } = request;
    return request.read(async (tx) => {
      const graphs = await listPlans(tx, organizationId, page);
      const ids = graphs.rows.map(({ plan }) => plan.id);
      const entitlementsOf = await loadPlanEntitlements(tx, organizationId, ids);
      return listed(request, 'plans', graphs, (graph) =>
        planWire(graph, { fixedCharges: false, entitlements: entitlementsOf(graph.plan.id) }),
      );
    });
  });
  get(door, '/plans/:code', { answers: planAnswer }, (request) => answer(request, request.param('code')));
  put(
    door,
    '/plans/:code',
    { answers: planAnswer, takes: body('plan', updatePlan.input, { member: 'changes' }) },
    async (request) => {
      const changes = await request.attributes('plan');
      const { code } = await request.run(updatePlan, { code: request.param('code'), changes });
      return answer(request, code);
    },
  );
  remove(door, '/plans/:code', { answers: planAnswer }, async (request) => {
    const { versionId } = await request.run(deletePlan, { code: request.param('code') });
    return wired(request, async (tx) => {
      const graph = (await loadPlanGraphs(tx, request.organizationId, [versionId])).get(versionId);
      if (!graph) throw unknown('plan');
      return graph;
    });
  });
}
