// What the scripts do to a database: reach it, check it, make it, migrate it, seed it.

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { withDatabase } from './database-url.mjs';
import { runOrThrow } from './run.mjs';

const NEEDED_VERSION = 15;

async function connect(url) {
  const { default: postgres } = await import('postgres');
  return postgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined });
}

async function ask(url, work) {
  const sql = await connect(url);
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Makes a database on the server `url` leads to, unless it is there; answers its address. */
export async function ensureDatabase(url, name) {
  await ask(url, async (sql) => {
    const [found] = await sql`select 1 from pg_database where datname = ${name}`;
    if (!found) await sql.unsafe(`create database "${name}"`);
  });
  return withDatabase(url, name);
}

/** Deletes a database, ending what is connected to it. */
export async function dropDatabase(url, name) {
  await ask(url, (sql) => sql.unsafe(`drop database if exists "${name}" with (force)`));
}

/**
 * Checks a server that somebody else runs; every lack is named at once.
 * @throws with one sentence per lack, each saying what to do
 */
export async function checkForeignServer(url) {
  const lacks = await ask(url, findLacks).catch((error) => {
    throw new Error(`DATABASE_URL does not lead to a database that answers: ${reason(error)}`);
  });
  if (lacks.length > 0)
    throw new Error(`This database cannot be used yet:\n${lacks.map((one) => `  - ${one}`).join('\n')}`);
}

function reason(error) {
  return error.message || error.code || String(error);
}

async function findLacks(sql) {
  const lacks = [];
  const [server] = await sql`select current_setting('server_version_num')::int as version`;
  if (server.version < NEEDED_VERSION * 10_000) {
    lacks.push(
      `The server is PostgreSQL ${Math.floor(server.version / 10_000)}; version ${NEEDED_VERSION} or newer is needed.`,
    );
  }
  const [me] = await sql`
    select rolname as name, rolsuper as super, rolcreaterole as roles, rolbypassrls as bypass,
      has_database_privilege(current_database(), 'create') as creates,
      has_schema_privilege('public', 'create') as uses, current_database() as database
    from pg_roles where rolname = current_user`;
  if (me.super) return lacks;
  if (!me.roles) {
    lacks.push(
      `The user "${me.name}" may not create roles. As an administrator: alter role "${me.name}" createrole;`,
    );
  }
  if (!me.bypass) {
    lacks.push(
      `The user "${me.name}" may not create a role that passes row-level security. As an administrator: ` +
        `alter role "${me.name}" bypassrls; (version 15: superuser)`,
    );
  } else if (server.version < 160_000) {
    lacks.push('On PostgreSQL 15 only a superuser may create the role that passes row-level security.');
  }
  if (!me.creates) {
    lacks.push(
      `The user "${me.name}" may not create schemas and extensions. As an administrator: ` +
        `grant create on database "${me.database}" to "${me.name}";`,
    );
  }
  if (!me.uses) {
    lacks.push(
      `The user "${me.name}" may not create tables. As an administrator: ` +
        `grant create on schema public to "${me.name}";`,
    );
  }
  return lacks;
}

/** Roles, migrations, grants: see db/bootstrap.ts. Doing it again changes nothing. */
export async function bootstrap(url) {
  await runOrThrow('Preparing the database', process.execPath, ['--import', 'tsx', 'scripts/bootstrap.ts'], {
    env: { ...process.env, DATABASE_URL: url },
  });
}

/** Does this (migrated) database hold no organisation yet? */
export function isEmpty(url) {
  return ask(url, async (sql) => {
    const [row] = await sql`select exists (select 1 from organizations) as filled`;
    return !row.filled;
  });
}

/**
 * Seeds the demo; `mark` is a file that exists exactly while the seed is unfinished.
 * @param {{url: string, env: Record<string, string | undefined>, mark: string, log: string, args?: string[],
 *   onLine?: (line: string) => void}} options
 */
export async function seed({ url, env, mark, log, args = [], onLine }) {
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, '');
  await runOrThrow('Seeding', process.execPath, ['--import', 'tsx', 'db/seed/run.ts', ...args], {
    env: { ...process.env, ...env, DATABASE_URL: url },
    log,
    onLine,
  });
  rmSync(mark);
}

/** Was a seed begun here and never finished? */
export function seedWasInterrupted(mark) {
  return existsSync(mark);
}
