// npm start: a production server, without any demo. Brings the database's tables up to date, then serves.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildState, SERVED } from './lib/build.mjs';
import { bootstrap, checkForeignServer } from './lib/database.mjs';
import { checkNode } from './lib/install.mjs';
import { ROOT } from './lib/paths.mjs';
import { SERVER_FLAGS } from './lib/server-flags.mjs';

try {
  checkNode();
  const lacks = findLacks();
  if (lacks.length > 0) throw new Error(`npm start needs:\n${lacks.map((one) => `  - ${one}`).join('\n')}`);
  await prepare();
  serve();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function findLacks() {
  const lacks = [];
  if (!process.env.DATABASE_URL) {
    lacks.push(
      'DATABASE_URL: the address of a PostgreSQL database, for example postgres://user:password@host/counterfoil',
    );
  }
  if (!process.env.NEXTAUTH_SECRET) {
    lacks.push('NEXTAUTH_SECRET: at least 32 random characters, for example from "openssl rand -base64 32"');
  }
  const state = buildState(SERVED);
  if (!state.present) lacks.push('a build: run "npm run build" first');
  else if (!state.current) console.warn('Note: the sources changed since the last "npm run build".');
  return lacks;
}

// Whoever gives all three addresses has prepared the database with rights this process need not have.
async function prepare() {
  if (process.env.APP_DATABASE_URL && process.env.SYSTEM_DATABASE_URL) return;
  await checkForeignServer(process.env.DATABASE_URL);
  await bootstrap(process.env.DATABASE_URL);
}

function serve() {
  const port = process.env.PORT || '3000';
  const server = spawn(process.execPath, [...SERVER_FLAGS, join(ROOT, SERVED.server)], {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_DIST_DIR: SERVED.next,
      NEXTAUTH_URL: process.env.NEXTAUTH_URL || `http://127.0.0.1:${port}`,
      PORT: port,
      DEMO_API_KEY: undefined,
    },
    stdio: 'inherit',
  });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => server.kill(name));
  server.once('exit', (code, name) => {
    process.exitCode = code ?? (name ? 1 : 0);
  });
}
