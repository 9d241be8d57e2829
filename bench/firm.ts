import { sql } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { withSystem } from '@/db/tenancy';
import { createApiKey } from '@/lib/auth/api-keys';
import { createOrganization } from '@/lib/auth/organizations';
import { createMetric } from '@/lib/commands/billable-metrics/create';
import { runCommand } from '@/lib/commands/core/execute';
import { upsertCustomer } from '@/lib/commands/customers/upsert';
import { createPlan } from '@/lib/commands/plans/create';
import { createSubscription } from '@/lib/commands/subscriptions/create';
import type { BenchDatabase } from './world.ts';

export interface Firm {
  organizationId: string;
  key: string;
  subscriptions: number;
}

/** A live organisation whose customers (`sub-0`, `sub-1`, …) pay for calls and tokens after use. */
export async function openFirm({ databases }: BenchDatabase, subscriptions: number): Promise<Firm> {
  const now = Date.now();
  const { organizationId, key } = await withSystem(databases, async (tx) => {
    const made = await createOrganization(tx, {
      name: 'Bench',
      timezone: 'UTC',
      currency: 'EUR',
      country: null,
      mode: 'live',
      now,
    });
    const { organizationId } = made;
    const { key } = await createApiKey(tx, { organizationId, name: 'Bench', live: true }, now);
    return { organizationId, key };
  });
  const actor = { type: 'api_key', id: newId(), name: 'Bench' } as const;
  const request = { organizationId, actor };
  const charges: object[] = [];
  for (const code of ['calls', 'tokens']) {
    const input = { name: code, code, aggregation_type: 'sum_agg', field_name: 'value' };
    const { id } = await runCommand(databases, createMetric, { ...request, input: input as never });
    charges.push({ billable_metric_id: id, charge_model: 'standard', properties: { amount: '0.01' } });
  }
  const plan = {
    name: 'Plan',
    code: 'plan',
    interval: 'monthly',
    amount_cents: 0,
    amount_currency: 'EUR',
    charges,
  };
  await runCommand(databases, createPlan, { ...request, input: plan as never });
  const customer = { external_id: 'customer', name: 'Customer', currency: 'EUR' };
  const { id: customerId } = await runCommand(databases, upsertCustomer, {
    ...request,
    input: customer as never,
  });
  const first = { customerId, planCode: 'plan', externalId: 'sub-0' };
  await runCommand(databases, createSubscription, { ...request, input: first as never });
  await databases.system.execute(sql`
    insert into subscriptions
    select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'external_id', 'sub-' || n))).*
    from subscriptions s, generate_series(1, ${subscriptions - 1}) n where s.external_id = 'sub-0'`);
  return { organizationId, key, subscriptions };
}
