import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { INVARIANTS } from '@/lib/queries/books';
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
  /**
   * Checks the books of every organisation in it, then deletes the database, ending what is still connected to it.
   * Throws with the rows that break an invariant.
   */
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
  const ownerUrl = withDatabase(template.ownerUrl, name);
  return {
    ownerUrl,
    appUrl: withDatabase(template.appUrl, name),
    systemUrl: withDatabase(template.systemUrl, name),
    drop: async () => {
      const broken = await brokenBooks(ownerUrl);
      await maintain(`drop database if exists ${name} with (force)`);
      if (broken.length > 0) throw new Error(`The books do not hold: ${JSON.stringify(broken)}`);
    },
  };
}

/** Whatever a test did, the books hold at its end: the rows of any organisation that break an invariant. */
async function brokenBooks(ownerUrl: string): Promise<unknown[]> {
  const checks = INVARIANTS.map(
    ({
      name,
      sql,
    }) => `select '${name.replaceAll("'", "''")}' as invariant, wrong.subject::text, wrong.detail::text
      from organizations o cross join lateral (${sql.replaceAll(':org', 'o.id')}) wrong`,
  );
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    return await sql.unsafe(checks.join(' union all '));
  } finally {
    await sql.end();
  }
}

async function maintain(statement: string): Promise<void> {
  const sql = postgres(inject('postgresUrl'), { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
