import type { features, Privilege } from '@/db/schema';
import type { PlanEntitlement, SubscriptionEntitlement } from '@/lib/queries/api/features';
import { ts } from '../wire.ts';

function privilegeWire({ code, name, valueType, selectOptions }: Privilege) {
  return {
    code,
    name,
    value_type: valueType,
    config: selectOptions ? { select_options: selectOptions } : {},
  };
}

/** API contract 2.6. Features have no `lago_id`. */
export function featureWire(feature: typeof features.$inferSelect) {
  return {
    code: feature.code,
    name: feature.name,
    description: feature.description,
    privileges: feature.privileges.map(privilegeWire),
    created_at: ts(feature.createdAt),
  };
}

/** A feature on a plan, with the plan's values. */
export function planEntitlementWire({ feature, privileges }: PlanEntitlement) {
  return {
    code: feature.code,
    name: feature.name,
    description: feature.description,
    privileges: privileges.map(({ privilege, value }) => ({ ...privilegeWire(privilege), value })),
  };
}

/** A feature of a subscription: the value that holds, the plan's, and the subscription's own. */
export function subscriptionEntitlementWire({ feature, privileges }: SubscriptionEntitlement) {
  const own = privileges.filter(({ overrideValue }) => overrideValue !== null);
  return {
    code: feature.code,
    name: feature.name,
    description: feature.description,
    privileges: privileges.map(({ privilege, planValue, overrideValue }) => ({
      ...privilegeWire(privilege),
      value: overrideValue ?? planValue,
      plan_value: planValue,
      override_value: overrideValue,
    })),
    overrides: Object.fromEntries(own.map(({ privilege, overrideValue }) => [privilege.code, overrideValue])),
  };
}
