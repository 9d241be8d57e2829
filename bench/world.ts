import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { bootstrapDatabase } from '@/db/bootstrap';
import { type Databases, openDatabases, type PoolSizes } from '@/db/clients';
import { withDatabase } from '@/scripts/lib/database-url.mjs';
import { startThrowAwayPostgres } from '@/scripts/lib/throw-away.mjs';

/** PostgreSQL as an installation has it: every commit is on disk before it counts. */
const DURABLE = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '1GB',
  max_wal_size: '8GB',
};
const TEMPLATE = 'template_bench';

export interface BenchDatabase {
  databases: Databases;
  ownerUrl: string;
  appUrl: string;
  systemUrl: string;
  drop(): Promise<void>;
}

export interface BenchWorld {
  /** A migrated, empty database of its own. */
  newDatabase(sizes?: PoolSizes): Promise<BenchDatabase>;
  say(words: string): void;
}

/** Starts one durable PostgreSQL for all measures of a run. */
export async function openWorld(
  say: (words: string) => void,
): Promise<BenchWorld & { close(): Promise<void> }> {
  const server = await startThrowAwayPostgres(DURABLE);
  try {
    await maintain(server.url, `create database ${TEMPLATE}`);
    const template = await bootstrapDatabase(withDatabase(server.url, TEMPLATE));
    return {
      say,
      close: server.stop,
      async newDatabase(sizes) {
        const name = `b_${randomUUID().replaceAll('-', '')}`;
        await maintain(server.url, `create database ${name} template ${TEMPLATE}`);
        const [ownerUrl, appUrl, systemUrl] = [template.ownerUrl, template.appUrl, template.systemUrl].map(
          (url) => withDatabase(url, name),
        ) as [string, string, string];
        const databases = openDatabases({ appUrl, systemUrl }, sizes);
        const drop = async () => {
          await databases.close();
          await maintain(server.url, `drop database if exists ${name} with (force)`);
        };
        return { databases, ownerUrl, appUrl, systemUrl, drop };
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function maintain(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
