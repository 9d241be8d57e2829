import { and, eq } from 'drizzle-orm';
import { billableMetrics, features, plans } from '@/db/schema';
import { loadPlanEntitlements } from '@/lib/queries/api/features';
import { loadPlanGraphs } from '@/lib/queries/api/plan-graph';
import { metricWire } from '../serializers/billable-metric.ts';
import { featureWire } from '../serializers/feature.ts';
import { planWire } from '../serializers/plan.ts';
import type { Loader } from './source.ts';

/** A plan in its current version; a deleted one as it last was. */
export const planObject: Loader = async ({ tx, organizationId, objectId }) => {
  const [plan] = await tx
    .select({ versionId: plans.currentVersionId })
    .from(plans)
    .where(and(eq(plans.organizationId, organizationId), eq(plans.id, objectId)));
  if (!plan?.versionId) return null;
  const graph = (await loadPlanGraphs(tx, organizationId, [plan.versionId])).get(plan.versionId);
  if (!graph) return null;
  const entitlements = (await loadPlanEntitlements(tx, organizationId, [objectId]))(objectId);
  return planWire(graph, { fixedCharges: true, entitlements });
};

export const metricObject: Loader = async ({ tx, organizationId, objectId }) => {
  const [metric] = await tx
    .select()
    .from(billableMetrics)
    .where(and(eq(billableMetrics.organizationId, organizationId), eq(billableMetrics.id, objectId)));
  return metric ? metricWire(metric, { counters: true }) : null;
};

export const featureObject: Loader = async ({ tx, organizationId, objectId }) => {
  const [feature] = await tx
    .select()
    .from(features)
    .where(and(eq(features.organizationId, organizationId), eq(features.id, objectId)));
  return feature ? featureWire(feature) : null;
};
