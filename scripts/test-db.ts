import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { withDatabase } from './lib/database-url.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connects as the owner to the throw-away server's maintenance database. */
    postgresUrl: string;
    /** The migrated, empty database that every test database is copied from. */
    template: { database: string; ownerUrl: string; appUrl: string; systemUrl: string };
  }
}

export type TestDatabase = {
  ownerUrl: string;
  appUrl: string;
  systemUrl: string;
  /** Deletes the database, ending what is still connected to it. */
  drop(): Promise<void>;
};

/**
 * Makes a migrated, empty database of its own for one test file (`*.db.test.ts`) by copying the template.
 * Roles belong to the whole server, so the template's addresses hold with the new name.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = inject('template');
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await maintain(`create database ${name} template ${template.database}`);
  return {
    ownerUrl: withDatabase(template.ownerUrl, name),
    appUrl: withDatabase(template.appUrl, name),
    systemUrl: withDatabase(template.systemUrl, name),
    drop: () => maintain(`drop database if exists ${name} with (force)`),
  };
}

async function maintain(statement: string): Promise<void> {
  const sql = postgres(inject('postgresUrl'), { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
