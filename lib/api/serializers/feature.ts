import { z } from 'zod';
import type { features, Privilege } from '@/db/schema';
import { PRIVILEGE_TYPES } from '@/db/schema';
import type { PlanEntitlement, SubscriptionEntitlement } from '@/lib/queries/api/features';
import { ts } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';

const value = z.union([z.number(), z.string(), z.boolean()]);
const privilegeSchema = z.object({
  code: is.str,
  name: is.str.nullable(),
  value_type: z.enum(PRIVILEGE_TYPES),
  config: z.object({ select_options: is.texts.optional() }),
});

function privilegeWire({ code, name, valueType, selectOptions }: Privilege): Wire<typeof privilegeSchema> {
  return {
    code,
    name,
    value_type: valueType,
    config: selectOptions ? { select_options: selectOptions } : {},
  };
}

const named = { code: is.str, name: is.str.nullable(), description: is.str.nullable() };

export const featureSchema = resource('Feature', {
  ...named,
  privileges: z.array(privilegeSchema),
  created_at: is.ts,
});

/** API contract 2.6. Features have no `lago_id`. */
export function featureWire(feature: typeof features.$inferSelect): Wire<typeof featureSchema> {
  return {
    code: feature.code,
    name: feature.name,
    description: feature.description,
    privileges: feature.privileges.map(privilegeWire),
    created_at: ts(feature.createdAt),
  };
}

export const planEntitlementSchema = resource('PlanEntitlement', {
  ...named,
  privileges: z.array(z.object({ ...privilegeSchema.shape, value })),
});

/** A feature on a plan, with the plan's values. */
export function planEntitlementWire({
  feature,
  privileges,
}: PlanEntitlement): Wire<typeof planEntitlementSchema> {
  return {
    code: feature.code,
    name: feature.name,
    description: feature.description,
    privileges: privileges.map(({ privilege, value }) => ({ ...privilegeWire(privilege), value })),
  };
}

export const subscriptionEntitlementSchema = resource('SubscriptionEntitlement', {
  ...named,
  privileges: z.array(
    z.object({
      ...privilegeSchema.shape,
      value: value.nullable(),
      plan_value: value.nullable(),
      override_value: value.nullable(),
    }),
  ),
  overrides: z.record(z.string(), value.nullable()),
});

/** A feature of a subscription: the value that holds, the plan's, and the subscription's own. */
export function subscriptionEntitlementWire({
  feature,
  privileges,
}: SubscriptionEntitlement): Wire<typeof subscriptionEntitlementSchema> {
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
