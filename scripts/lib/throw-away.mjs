// A PostgreSQL server for one test run, in the system's temporary folder, deleted afterwards.

import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, stopPostgres, THROW_AWAY_SETTINGS } from './postgres.mjs';
import { isAlive } from './processes.mjs';

const PREFIX = 'counterfoil-test-';

/**
 * Starts an empty server that nothing else uses. Leftovers of killed runs are cleared first.
 * @param {Record<string, string>} [settings] PostgreSQL settings over those of a throw-away server
 * @returns {Promise<{url: string, port: number, socketDir: string, stop: () => Promise<void>}>}
 */
export async function startThrowAwayPostgres(settings = {}) {
  await clearLeftovers();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  // Open to enter (not to list), so that a server running as another user need not live elsewhere.
  chmodSync(folder, 0o711);
  writeFileSync(join(folder, 'starter'), String(process.pid));
  try {
    const server = await startPostgres({
      dataDir: join(folder, 'data'),
      settings: { ...THROW_AWAY_SETTINGS, ...settings },
    });
    const stop = async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    };
    return { url: server.url, port: server.port, socketDir: server.socketDir, stop };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function clearLeftovers() {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    const starter = readStarter(folder);
    if (starter === undefined || isAlive(starter)) continue;
    await stopPostgres(join(folder, 'data'));
    rmSync(folder, { recursive: true, force: true });
  }
}

function readStarter(folder) {
  try {
    return Number(readFileSync(join(folder, 'starter'), 'utf8'));
  } catch {
    return undefined;
  }
}
