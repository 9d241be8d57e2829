import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { webhookEndpoints } from '@/db/schema';
import { notFound } from '@/lib/schedule/errors';
import { isUuid } from '../core/fields.ts';

export type EndpointRow = typeof webhookEndpoints.$inferSelect;

/** One living endpoint. Throws not_found. */
export async function findEndpoint(tx: Tx, organizationId: string, id: string): Promise<EndpointRow> {
  if (!isUuid(id)) return notFound('webhook_endpoint');
  const [row] = await tx
    .select()
    .from(webhookEndpoints)
    .where(
      and(
        eq(webhookEndpoints.organizationId, organizationId),
        eq(webhookEndpoints.id, id),
        isNull(webhookEndpoints.deletedAt),
      ),
    );
  return row ?? notFound('webhook_endpoint');
}

/** The living endpoints, the first made first; at most ten. */
export function livingEndpoints(tx: Tx, organizationId: string): Promise<EndpointRow[]> {
  return tx
    .select()
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.organizationId, organizationId), isNull(webhookEndpoints.deletedAt)))
    .orderBy(asc(webhookEndpoints.id));
}
