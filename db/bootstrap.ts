import { createHmac } from 'node:crypto';
import path from 'node:path';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import type { DatabaseUrls } from './clients.ts';
import { applySecurity } from './security.ts';

const ROLES = [
  { name: 'cf_app', attributes: 'login nobypassrls' },
  { name: 'cf_system', attributes: 'login bypassrls' },
] as const;

/** The roles' passwords follow from the owner's, so every process that knows the owner's URL can work them out. */
function passwordOf(owner: URL, role: string): string {
  const secret = owner.password || `${owner.username}@local`;
  return createHmac('sha256', secret).update(`counterfoil:${role}`).digest('hex');
}

/** The three roles' URLs for a database, from the owner's. Touches nothing. */
export function deriveUrls(ownerUrl: string): DatabaseUrls {
  const forRole = (role: string) => {
    const url = new URL(ownerUrl);
    const password = passwordOf(url, role);
    url.username = role;
    url.password = password;
    return url.toString();
  };
  return { ownerUrl, appUrl: forRole('cf_app'), systemUrl: forRole('cf_system') };
}

async function ensureRole(
  sql: postgres.Sql,
  name: string,
  attributes: string,
  password: string,
): Promise<void> {
  const [existing] = await sql`select 1 from pg_roles where rolname = ${name}`;
  const verb = existing ? 'alter' : 'create';
  await sql.unsafe(`${verb} role ${name} with ${attributes} password '${password}'`);
  // Short queries over many tables look dear to the planner; compiling them takes longer than they do.
  await sql.unsafe(`alter role ${name} set jit = off`);
}

/**
 * Brings a database to the present schema: roles, migrations, grants and row-level security, under one advisory lock so
 * that several starting processes do it once. Throws with Postgres's own words when the owner lacks a right.
 */
export async function bootstrapDatabase(ownerUrl: string, folder?: string): Promise<DatabaseUrls> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    await sql`select pg_advisory_lock(5417332190)`;
    const owner = new URL(ownerUrl);
    for (const role of ROLES) await ensureRole(sql, role.name, role.attributes, passwordOf(owner, role.name));
    await migrate(drizzle(sql), { migrationsFolder: folder ?? path.join(process.cwd(), 'db/migrations') });
    await applySecurity(sql);
    await sql`select pg_advisory_unlock(5417332190)`;
  } finally {
    await sql.end();
  }
  return deriveUrls(ownerUrl);
}
