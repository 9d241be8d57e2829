import { type Databases, openDatabases } from '@/db/clients';
import { newId } from '@/db/ids';
import { organizations } from '@/db/schema';
import { withSystem } from '@/db/tenancy';
import { createTestDatabase } from '@/scripts/test-db';

/** Where the clocks of a test's organisations stand. */
export const NOW = Date.parse('2026-03-10T12:00:00Z');

export interface UsageWorld {
  databases: Databases;
  /** Makes an organisation and answers its id. */
  organization(): Promise<string>;
  close(): Promise<void>;
}

/** A database of its own for tests of usage. */
export async function openUsageWorld(): Promise<UsageWorld> {
  const database = await createTestDatabase();
  const databases = openDatabases(database);
  return {
    databases,
    async organization() {
      const id = newId();
      const at = new Date(NOW);
      await withSystem(databases, (tx) =>
        tx
          .insert(organizations)
          .values({ id, name: id, slug: id, mode: 'sandbox', clockNow: at, hmacKey: 'k', createdAt: at }),
      );
      return id;
    },
    async close() {
      await databases.close();
      await database.drop();
    },
  };
}
