import { createPlan } from '@/lib/commands/plans/create';
import { deletePlan } from '@/lib/commands/plans/delete';
import { findPlan } from '@/lib/commands/plans/find';
import { updatePlan } from '@/lib/commands/plans/update';
import { listPlans } from '@/lib/queries/api/catalogue';
import { loadPlanGraphs } from '@/lib/queries/api/plan-graph';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import { planWire } from '../serializers/plan.ts';
import { listed } from './listing.ts';

async function answer(request: ApiRequest, code: string) {
  const graph = await request.read((tx) => findPlan(tx, request.organizationId, code));
  return { plan: planWire(graph, { fixedCharges: true, entitlements: true }) };
}

/** Plans (API contract 2.2). */
export function plans(door: Door): void {
  post(door, '/plans', async (request) => {
    const { code } = await request.run(createPlan, await request.attributes('plan'));
    return answer(request, code);
  });
  get(door, '/plans', async (request) => {
    const graphs = await request.read((tx) => listPlans(tx, request.organizationId, request.page));
    return listed(request, 'plans', graphs, (graph) =>
      planWire(graph, { fixedCharges: false, entitlements: true }),
    );
  });
  get(door, '/plans/:code', (request) => answer(request, request.param('code')));
  put(door, '/plans/:code', async (request) => {
    const changes = await request.attributes('plan');
    const { code } = await request.run(updatePlan, { code: request.param('code'), changes });
    return answer(request, code);
  });
  remove(door, '/plans/:code', async (request) => {
    const { versionId } = await request.run(deletePlan, { code: request.param('code') });
    const graph = await request.read(async (tx) =>
      (await loadPlanGraphs(tx, request.organizationId, [versionId])).get(versionId),
    );
    if (!graph) throw unknown('plan');
    return { plan: planWire(graph, { fixedCharges: true, entitlements: true }) };
  });
}
