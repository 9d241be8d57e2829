import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { apiKeys, organizations } from '@/db/schema';
import { withSystem } from '@/db/tenancy';
import { createApiKey } from '@/lib/auth/api-keys';

const NAME = 'Demo key';

/**
 * Makes `key` the demo organisation's API key and revokes the one an earlier start was given. Does nothing in a database
 * without a demo. Throws when another organisation holds this key. `now` is epoch milliseconds.
 */
export async function keepDemoKey(databases: Databases, key: string, now: number): Promise<void> {
  await withSystem(databases, async (tx) => {
    const [demo] = await tx
      .select({ id: organizations.id, mode: organizations.mode })
      .from(organizations)
      .where(sql`${organizations.settings} ->> 'demo' = 'true'`)
      .orderBy(organizations.createdAt)
      .limit(1);
    if (!demo) return;
    const organizationId = demo.id;
    const live = demo.mode === 'live';
    const { id } = await createApiKey(tx, { organizationId, name: NAME, live, value: key }, now);
    const own = eq(apiKeys.organizationId, organizationId);
    await tx
      .update(apiKeys)
      .set({ name: NAME, revokedAt: null, expiresAt: null, scopes: null })
      .where(and(own, eq(apiKeys.id, id)));
    await tx
      .update(apiKeys)
      .set({ revokedAt: new Date(now) })
      .where(and(own, eq(apiKeys.name, NAME), ne(apiKeys.id, id), isNull(apiKeys.revokedAt)));
  });
}
