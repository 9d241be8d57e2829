// The built server on a throw-away PostgreSQL, for scenarios over HTTP and journeys in a browser.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildState, ensureBuild, SERVED, TESTED } from './build.mjs';
import { bootstrap, ensureDatabase, seed } from './database.mjs';
import { STATE_DIR } from './paths.mjs';
import { anyFreePort } from './ports.mjs';
import { startServer } from './server.mjs';
import { startThrowAwayPostgres } from './throw-away.mjs';

/**
 * The build a test run serves: the one of "npm run up" when it is of the present sources (it is only read), else one
 * of the tests' own.
 */
export async function buildForTests(log) {
  if (buildState(SERVED).current) return SERVED;
  await ensureBuild(TESTED, log);
  return TESTED;
}

/**
 * Starts everything, with one live organisation that has an API key and a person for each role, and no history.
 * @param {string} name for the log files
 * @param {{port?: number}} [options]
 * @returns {Promise<{url: string, apiKey: string, signInsFile: string, databaseUrl: string, secret: string,
 *   stop: () => Promise<void>}>} `databaseUrl` is the owner's
 */
export async function startTestServer(name, { port } = {}) {
  const logs = join(STATE_DIR, 'logs');
  const place = await buildForTests(join(logs, 'test-build.log'));
  const folder = mkdtempSync(join(tmpdir(), 'cf-server-'));
  const cleanUps = [async () => rmSync(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  };
  try {
    const postgres = await startThrowAwayPostgres();
    cleanUps.push(postgres.stop);
    const url = await ensureDatabase(postgres.url, 'counterfoil');
    await bootstrap(url);
    const apiKey = randomBytes(24).toString('hex');
    const secret = randomBytes(32).toString('hex');
    const signInsFile = join(folder, 'sign-ins.json');
    const env = {
      DATABASE_URL: url,
      NEXTAUTH_SECRET: secret,
      DEMO_API_KEY: apiKey,
      SIGN_INS_FILE: signInsFile,
    };
    await seed({
      url,
      env,
      args: ['--bare'],
      mark: join(folder, 'seed-unfinished'),
      log: join(logs, `${name}-seed.log`),
    });
    const server = await startServer({
      place,
      port: port ?? (await anyFreePort()),
      env,
      log: join(logs, `${name}-server.log`),
    });
    cleanUps.push(server.stop);
    return { url: server.url, apiKey, signInsFile, databaseUrl: url, secret, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
