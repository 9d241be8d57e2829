import { eq, max } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { newId } from '@/db/ids';
import { customers, dueItems, subscriptions } from '@/db/schema';
import { withSystem, withTenant } from '@/db/tenancy';
import { createOrganization } from '@/lib/auth/organizations';
import { createMetric } from '@/lib/commands/billable-metrics/create';
import type { Actor, Command } from '@/lib/commands/core/command';
import { runCommand } from '@/lib/commands/core/execute';
import { upsertCustomer } from '@/lib/commands/customers/upsert';
import { createPlan } from '@/lib/commands/plans/create';
import { createSubscription } from '@/lib/commands/subscriptions/create';
import { createTax } from '@/lib/commands/taxes/create';
import { checkBooks } from '@/lib/queries/books';
import { foldUsage } from '@/lib/usage/fold';
import { storeEvents } from '@/lib/usage/ingest';

export const SOFTWARE: Actor = { type: 'system', name: 'Benchmark' };
const METERS = ['compute', 'bandwidth', 'requests', 'input', 'output'] as const;
const EVENTS_AT_ONCE = 1_000;

/** A company as the demo has it: five meters, two monthly plans with five charges, a tax. Its clock is moved by hand. */
export interface BenchCompany {
  databases: Databases;
  organizationId: string;
  run<I, R>(command: Command<I, R>, input: unknown): Promise<R>;
}

export interface CompanyOptions {
  startsAt: number;
  mode: 'sandbox' | 'live' | 'history';
  payInAdvance: boolean;
  trialDays?: string;
}

export async function foundCompany(
  databases: Databases,
  { startsAt, mode, payInAdvance, trialDays }: CompanyOptions,
): Promise<BenchCompany> {
  const { organizationId } = await withSystem(databases, (tx) =>
    createOrganization(tx, {
      name: 'Tidewharf',
      timezone: 'America/New_York',
      currency: 'USD',
      country: 'US',
      mode,
      now: startsAt,
    }),
  );
  const run: BenchCompany['run'] = (command, input) =>
    runCommand(databases, command, { organizationId, actor: SOFTWARE, input: input as never });
  const metricIds = new Map<string, string>();
  for (const code of METERS) {
    const kind =
      code === 'requests'
        ? { aggregation_type: 'count_agg' as const }
        : { aggregation_type: 'sum_agg' as const, field_name: 'units' };
    metricIds.set(code, (await run(createMetric, { name: code, code, ...kind })).id);
  }
  await run(createTax, { name: 'Sales tax', code: 'tax', rate: '8.875', applied_to_organization: true });
  for (const [code, amount] of [
    ['crew', 14_000],
    ['studio', 64_000],
  ] as const) {
    await run(createPlan, {
      name: code,
      code,
      interval: 'monthly',
      amount_cents: amount,
      amount_currency: 'USD',
      pay_in_advance: payInAdvance,
      trial_period: trialDays ?? null,
      charges: METERS.map((meter, place) => ({
        billable_metric_id: metricIds.get(meter),
        code: meter,
        ...(place < 2
          ? { charge_model: 'standard', properties: { amount: '0.02' } }
          : { charge_model: 'graduated', properties: { graduated_ranges: TIERS } }),
      })),
    });
  }
  return { databases, organizationId, run };
}

const TIERS = [
  { from_value: 0, to_value: 100, per_unit_amount: '0', flat_amount: '0' },
  { from_value: 101, to_value: null, per_unit_amount: '0.015', flat_amount: '0' },
];

/** One customer on "crew", made by the product's own commands. Answers the ids. */
export async function newCustomer(
  company: BenchCompany,
  externalId: string,
): Promise<{ customerId: string; subscriptionId: string }> {
  const { id: customerId } = await company.run(upsertCustomer, {
    external_id: externalId,
    name: externalId,
    currency: 'USD',
    timezone: 'America/New_York',
  });
  const { id: subscriptionId } = await company.run(createSubscription, {
    customerId,
    planCode: 'crew',
    externalId,
    billingTime: 'calendar',
  });
  return { customerId, subscriptionId };
}

/** Copies a customer with its subscription and what falls due, row by row, `count` times: many alike, quickly. Answers their external ids. */
export async function copyCustomer(
  { databases, organizationId }: BenchCompany,
  { customerId, subscriptionId }: { customerId: string; subscriptionId: string },
  count: number,
  name = 'copy',
): Promise<string[]> {
  const externalIds: string[] = [];
  await withTenant(databases, organizationId, async (tx) => {
    const [customer] = await tx.select().from(customers).where(eq(customers.id, customerId));
    const [subscription] = await tx.select().from(subscriptions).where(eq(subscriptions.id, subscriptionId));
    const items = await tx.select().from(dueItems).where(eq(dueItems.subjectId, subscriptionId));
    const [last] = await tx.select({ sequentialId: max(customers.sequentialId) }).from(customers);
    if (!customer || !subscription) throw new Error('There is nobody to copy');
    const highest = last?.sequentialId ?? 0;
    for (let from = 0; from < count; from += 500) {
      const copies = Array.from({ length: Math.min(500, count - from) }, (_, n) => ({
        externalId: `${name}-${from + n}`,
        sequentialId: highest + 1 + from + n,
        id: newId(),
        subscriptionId: newId(),
      }));
      await tx.insert(customers).values(
        copies.map(({ id, externalId, sequentialId }) => ({
          ...customer,
          id,
          externalId,
          sequentialId,
          slug: externalId,
        })),
      );
      await tx.insert(subscriptions).values(
        copies.map(({ id, externalId, subscriptionId: own }) => ({
          ...subscription,
          id: own,
          customerId: id,
          externalId,
        })),
      );
      const due = copies.flatMap(({ id, subscriptionId: own }) =>
        items.map((item) => ({ ...item, id: newId(), customerId: id, subjectId: own })),
      );
      if (due.length > 0) await tx.insert(dueItems).values(due);
      externalIds.push(...copies.map(({ externalId }) => externalId));
    }
  });
  return externalIds;
}

/** `each` events a meter for each of these subscriptions, evenly over [from, to), folded into rollups. */
export async function use(
  { databases, organizationId }: BenchCompany,
  externalIds: string[],
  { from, to, each }: { from: number; to: number; each: number },
): Promise<void> {
  const events = externalIds.flatMap((externalSubscriptionId) =>
    METERS.flatMap((code) =>
      Array.from({ length: each }, (_, n) => ({
        externalSubscriptionId,
        code,
        transactionId: newId(),
        timestamp: from + Math.floor(((to - from) * n) / each),
        properties: { units: 20 + n },
        preciseTotalAmountMinor: null,
      })),
    ),
  );
  for (let start = 0; start < events.length; start += EVENTS_AT_ONCE) {
    const batch = events.slice(start, start + EVENTS_AT_ONCE);
    await withTenant(databases, organizationId, (tx) => storeEvents(tx, organizationId, to, batch));
  }
  await foldUsage(databases, organizationId);
}

/** Throws with what is wrong in the company's books. */
export async function assertSoundBooks({ databases, organizationId }: BenchCompany): Promise<void> {
  const broken = await withTenant(databases, organizationId, (tx) => checkBooks(tx, organizationId), {
    statementTimeoutMs: 600_000,
  });
  if (broken.length > 0) throw new Error(`The books do not hold: ${JSON.stringify(broken.slice(0, 3))}`);
}
