import { and, asc, eq } from 'drizzle-orm';
import { fees, outbox } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { readClock } from '@/lib/schedule/clock';
import { storeEvents } from '@/lib/usage/ingest';
import { createMetric } from '../billable-metrics/create';
import type { Sandbox } from '../testing/sandbox';

let serial = 0;

/** Sends one event as of the sandbox's clock and runs what it sets off. For tests only. */
export async function send(
  world: Sandbox,
  externalSubscriptionId: string,
  code: string,
  properties: Record<string, unknown> = {},
  transactionId = `t${++serial}`,
): Promise<void> {
  const now = await withTenant(world.databases, world.organizationId, async (tx) => {
    const clock = await readClock(tx, world.organizationId);
    await storeEvents(tx, world.organizationId, clock.now, [
      {
        externalSubscriptionId,
        code,
        transactionId,
        timestamp: null,
        properties,
        preciseTotalAmountMinor: null,
      },
    ]);
    return clock.now;
  });
  await world.move(new Date(now).toISOString());
}

/** Makes a metric and answers its id. */
export async function metric(
  world: Sandbox,
  code: string,
  values: Record<string, unknown> = {},
): Promise<string> {
  const made = await world.run(createMetric, {
    name: code,
    code,
    aggregation_type: 'sum_agg',
    field_name: 'amount',
    ...values,
  });
  return made.id;
}

/** The lines of usage of a subscription, in the order they were made. */
export function usageLines(world: Sandbox, subscriptionId: string): Promise<(typeof fees.$inferSelect)[]> {
  return withTenant(world.databases, world.organizationId, (tx) =>
    tx
      .select()
      .from(fees)
      .where(
        and(
          eq(fees.organizationId, world.organizationId),
          eq(fees.subscriptionId, subscriptionId),
          eq(fees.feeType, 'charge'),
        ),
      )
      .orderBy(asc(fees.createdAt), asc(fees.id)),
  );
}

/** How often the world was told of each thing. */
export async function told(world: Sandbox): Promise<Record<string, number>> {
  const rows = await withTenant(world.databases, world.organizationId, (tx) =>
    tx.select({ type: outbox.type }).from(outbox).where(eq(outbox.organizationId, world.organizationId)),
  );
  const counts: Record<string, number> = {};
  for (const { type } of rows) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
