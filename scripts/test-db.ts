import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { bootstrapDatabase } from '@/db/bootstrap';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connects as the owner to the throw-away server's maintenance database. */
    postgresUrl: string;
  }
}

/** The database every test database is copied from: migrated, empty. */
export const TEMPLATE_DATABASE = 'template_cf';

export type TestDatabase = {
  ownerUrl: string;
  appUrl: string;
  systemUrl: string;
  /** Deletes the database, ending what is still connected to it. */
  drop(): Promise<void>;
};

/** The same server's address with another database name. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/**
 * Makes a migrated, empty database of its own for one test file (`*.db.test.ts`), by copying the template.
 * Roles belong to the whole server, so they are there already; bootstrapping again only yields the addresses.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const maintenanceUrl = inject('postgresUrl');
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await maintain(maintenanceUrl, (sql) => copyTemplate(sql, name));
  const urls = await bootstrapDatabase(withDatabase(maintenanceUrl, name));
  return {
    ownerUrl: urls.ownerUrl,
    appUrl: urls.appUrl,
    systemUrl: urls.systemUrl,
    drop: () =>
      maintain(maintenanceUrl, async (sql) => {
        await sql.unsafe(`drop database if exists ${name} with (force)`);
      }),
  };
}

async function maintain(url: string, work: (sql: postgres.Sql) => Promise<void>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

async function copyTemplate(sql: postgres.Sql, name: string): Promise<void> {
  await sql.unsafe(`create database ${name} template ${TEMPLATE_DATABASE} strategy file_copy`);
}
