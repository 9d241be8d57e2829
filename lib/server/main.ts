import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import next from 'next';
import { bootstrapDatabase } from '@/db/bootstrap';
import { databases as sharedDatabases } from '@/db/process';
import { withSystem } from '@/db/tenancy';
import { createApi } from '@/lib/api/app';
import { createIngestDoor } from '@/lib/api/ingest-door';
import { requestLogOf } from '@/lib/api/request-log';
import { isFirstOrganization } from '@/lib/auth/organizations';
import { setupAddress } from '@/lib/auth/setup-token';
import { isAway } from '@/lib/runners/failures';
import { keepDemoKey } from './demo-key.ts';
import { createHttpServer } from './http.ts';
import { ingestListener } from './ingest-listener.ts';
import { log } from './log.ts';
import { databaseAnswers } from './readiness.ts';
import { readSettings } from './settings.ts';
import { shutDown } from './shutdown.ts';
import { startRunners } from './workers.ts';

const LEAVE_AFTER_MS = 14_000;
const WAIT_FOR_DATABASE_S = 30;

/** The Node server: the HTTP API ahead of the console, and the workers, in one process. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  if (settings.migrates && settings.ownerUrl) await bringUpToDate(settings.ownerUrl);
  const databases = sharedDatabases();
  if (settings.demoApiKey) await keepDemoKey(databases, settings.demoApiKey, Date.now());

  const { host, port } = settings;
  const console = next({ dev: false, dir: process.cwd(), hostname: host, port });
  await console.prepare();
  let draining = false;
  const server = createHttpServer(
    {
      api: getRequestListener(createApi(databases).fetch, { overrideGlobalObjects: false }),
      ingest: ingestListener(createIngestDoor(databases)),
      console: console.getRequestHandler(),
      readiness: async () => {
        if (draining) return 'draining';
        return (await databaseAnswers(databases)) ? 'ready' : 'database_away';
      },
    },
    log,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const runners = startRunners(databases, settings);
  log.info({ host, port: (server.address() as AddressInfo).port }, 'serving');
  if (await withSystem(databases, isFirstOrganization)) {
    log.warn({ setup: setupAddress() }, 'no organisation yet: open the setup address to make the first one');
  }

  const leave = (code: number) => {
    if (draining) return;
    draining = true;
    setTimeout(() => process.exit(1), LEAVE_AFTER_MS).unref();
    const closeRest = async () => {
      await console.close();
      await requestLogOf(databases).flush();
      await databases.close();
    };
    void shutDown({ server, stopWorkers: runners.stop, closeRest }, log).then(() => {
      log.info('stopped');
      process.exit(code);
    });
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => leave(0));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'stopping after an unexpected error');
    leave(1);
  });
}

/** Brings the tables up to date; a database that is only just starting is waited for, half a minute at most. */
async function bringUpToDate(ownerUrl: string): Promise<void> {
  for (let waited = 0; ; waited += 1) {
    try {
      await bootstrapDatabase(ownerUrl);
      return;
    } catch (error) {
      if (!isAway(error) || waited >= WAIT_FOR_DATABASE_S) throw error;
      if (waited === 0) log.warn({ err: error }, 'waiting for the database');
      await sleep(1_000);
    }
  }
}

// A promise nobody waits for, such as that of a query cut off with its connection, must not end a server of many.
process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));

main().catch((error: unknown) => {
  log.fatal({ err: error }, 'could not start');
  process.exit(1);
});
