import { and, desc, eq, ilike, inArray, isNull, or } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import {
  features,
  type Privilege,
  type PrivilegeValue,
  planEntitlements,
  subscriptionEntitlements,
} from '@/db/schema';
import { type Listed, offsetOf, type PageWindow } from './page.ts';

export type FeatureRow = typeof features.$inferSelect;

/** Living features, newest first; `searchTerm` is looked for in their names and codes. */
export async function listFeatures(
  tx: Tx,
  organizationId: string,
  { searchTerm }: { searchTerm?: string },
  window: PageWindow,
): Promise<Listed<FeatureRow>> {
  const like = searchTerm === undefined ? '' : `%${searchTerm.replace(/[\\%_]/g, '\\$&')}%`;
  const where = and(
    eq(features.organizationId, organizationId),
    isNull(features.deletedAt),
    searchTerm === undefined ? undefined : or(ilike(features.name, like), ilike(features.code, like)),
  );
  const totalCount = await tx.$count(features, where);
  const rows = await tx
    .select()
    .from(features)
    .where(where)
    .orderBy(desc(features.createdAt), desc(features.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return { rows, totalCount };
}

/** A feature on a plan with the values of its privileges; privileges without a value are not on it. */
export interface PlanEntitlement {
  feature: FeatureRow;
  privileges: { privilege: Privilege; value: PrivilegeValue }[];
}

/** What plans include, oldest first, by plan id; one query. */
export async function loadPlanEntitlements(
  tx: Tx,
  organizationId: string,
  planIds: string[],
): Promise<(planId: string) => PlanEntitlement[]> {
  const rows =
    planIds.length === 0
      ? []
      : await tx
          .select({ feature: features, entitlement: planEntitlements })
          .from(planEntitlements)
          .innerJoin(
            features,
            and(eq(features.organizationId, organizationId), eq(features.id, planEntitlements.featureId)),
          )
          .where(
            and(
              eq(planEntitlements.organizationId, organizationId),
              inArray(planEntitlements.planId, [...new Set(planIds)]),
            ),
          )
          .orderBy(planEntitlements.createdAt, features.createdAt, features.id);
  return (planId) =>
    rows
      .filter(({ entitlement }) => entitlement.planId === planId)
      .map(({ feature, entitlement: { values } }) => ({
        feature,
        privileges: feature.privileges.flatMap((privilege) => {
          const value = values[privilege.code];
          return value === undefined ? [] : [{ privilege, value }];
        }),
      }));
}

/** A feature as one subscription has it: the plan's values under its own. */
export interface SubscriptionEntitlement {
  feature: FeatureRow;
  privileges: {
    privilege: Privilege;
    planValue: PrivilegeValue | null;
    overrideValue: PrivilegeValue | null;
  }[];
}

/** What one subscription may use: its plan's features, changed, enlarged and cut by its own rows. Two queries. */
export async function loadSubscriptionEntitlements(
  tx: Tx,
  organizationId: string,
  { id, planId }: { id: string; planId: string },
): Promise<SubscriptionEntitlement[]> {
  const ofPlan = (await loadPlanEntitlements(tx, organizationId, [planId]))(planId);
  const own = await tx
    .select({ feature: features, entitlement: subscriptionEntitlements })
    .from(subscriptionEntitlements)
    .innerJoin(
      features,
      and(eq(features.organizationId, organizationId), eq(features.id, subscriptionEntitlements.featureId)),
    )
    .where(
      and(
        eq(subscriptionEntitlements.organizationId, organizationId),
        eq(subscriptionEntitlements.subscriptionId, id),
      ),
    )
    .orderBy(subscriptionEntitlements.createdAt, features.createdAt, features.id);
  const added = own.filter(({ feature }) => !ofPlan.some((known) => known.feature.id === feature.id));
  const all = [...ofPlan, ...added.map(({ feature }) => ({ feature, privileges: [] }))];
  return all.flatMap(({ feature, privileges }) => {
    const entitlement = own.find((row) => row.feature.id === feature.id)?.entitlement;
    if (entitlement?.removedAt) return [];
    const planValues = new Map(privileges.map(({ privilege, value }) => [privilege.code, value]));
    return [
      {
        feature,
        privileges: feature.privileges.flatMap((privilege) => {
          const planValue = planValues.get(privilege.code) ?? null;
          const overrideValue = entitlement?.values[privilege.code] ?? null;
          const isRemoved = entitlement?.removedPrivileges.includes(privilege.code) ?? false;
          return isRemoved || (planValue === null && overrideValue === null)
            ? []
            : [{ privilege, planValue, overrideValue }];
        }),
      },
    ];
  });
}
