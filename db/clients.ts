import type { ExtractTablesWithRelations, Logger } from 'drizzle-orm';
import type { PgTransaction } from 'drizzle-orm/pg-core';
import { drizzle, type PostgresJsDatabase, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { endWithConnection, openSocket } from './connection.ts';
import * as schema from './schema/index.ts';

export type Schema = typeof schema;
export type Database = PostgresJsDatabase<Schema>;
/** A running transaction: what every command, query and writer takes. */
export type Tx = PgTransaction<PostgresJsQueryResultHKT, Schema, ExtractTablesWithRelations<Schema>>;

export interface DatabaseUrls {
  ownerUrl: string;
  appUrl: string;
  systemUrl: string;
}

/**
 * The two roles a process works with. `app` is held by row-level security and used for every request; `system` bypasses
 * it for workers, sign-in, key look-up and bulk work. `bulk` is a raw client on the system role for statements that are
 * transactions of their own: it has time limits by itself, and prepares what it is asked.
 */
export interface Databases {
  app: Database;
  system: Database;
  bulk: postgres.Sql;
  close(): Promise<void>;
}

export interface PoolSizes {
  app?: number;
  system?: number;
  bulk?: number;
}

/** Queries still running get this long; a place of the pool whose connection was cut off would wait for ever. */
const CLOSE_SECONDS = 2;

/** A statement outside a transaction that sets its own. */
const BULK_LIMITS = { statement_timeout: '15s', lock_timeout: '5s' };

function connect(url: string, max: number, name: string, limits: Record<string, string> = {}): postgres.Sql {
  const client = postgres(url, {
    max,
    idle_timeout: 60,
    connect_timeout: 10,
    onnotice: () => {},
    connection: { application_name: `counterfoil ${name}`, TimeZone: 'UTC', ...limits },
    types: { bigint: postgres.BigInt },
    socket: openSocket,
  } as postgres.Options<Record<string, postgres.PostgresType>>);
  return endWithConnection(client);
}

/** Opens pools for the roles. The caller closes them. A logger hears every statement that goes through Drizzle. */
export function openDatabases(
  urls: Omit<DatabaseUrls, 'ownerUrl'>,
  sizes: PoolSizes = {},
  logger?: Logger,
): Databases {
  const appClient = connect(urls.appUrl, sizes.app ?? 8, 'app');
  const systemClient = connect(urls.systemUrl, sizes.system ?? 8, 'system');
  const bulk = connect(urls.systemUrl, sizes.bulk ?? 3, 'bulk', BULK_LIMITS);
  return {
    app: drizzle(appClient, { schema, casing: 'snake_case', logger }),
    system: drizzle(systemClient, { schema, casing: 'snake_case', logger }),
    bulk,
    async close() {
      await Promise.all(
        [appClient, systemClient, bulk].map((client) =>
          client.end({ timeout: CLOSE_SECONDS }).catch(() => {}),
        ),
      );
    },
  };
}
