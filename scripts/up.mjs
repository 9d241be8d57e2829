// npm run up: from a fresh clone to a served demo. "--help" prints the flags.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildState, ensureBuild, SERVED } from './lib/build.mjs';
import {
  bootstrap,
  checkForeignServer,
  dropDatabase,
  ensureDatabase,
  isEmpty,
  seed,
  seedWasInterrupted,
} from './lib/database.mjs';
import { checkNode, installPackages, packagesAreInstalled } from './lib/install.mjs';
import {
  POSTGRES_DATA_DIR,
  POSTGRES_PASSWORD_FILE,
  POSTGRES_STATE_FILE,
  SIGN_INS_FILE,
  STATE_DIR,
} from './lib/paths.mjs';
import { freePortFrom, isPortFree } from './lib/ports.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { endAll } from './lib/run.mjs';
import { keptSecret } from './lib/secrets.mjs';
import { startServer } from './lib/server.mjs';
import { duration, giveUp, step } from './lib/steps.mjs';
import { forgetUp, recordUp, runningUp, stopOrphanServer } from './lib/up-state.mjs';

const HELP = `npm run up [-- flags]

  --demo      with DATABASE_URL: seed the demo there too (only into an empty database)
  --no-build  serve the last build even though the sources changed
  --help      these lines

Environment: PORT (default 3000), DATABASE_URL (a PostgreSQL 15 or newer of your own), DEMO_API_KEY
(the demo organisation's API key), NEXTAUTH_SECRET, NEXTAUTH_URL.`;

const DATABASE = 'counterfoil';
const DEFAULT_PORT = 3000;
const DEFAULT_POSTGRES_PORT = 54330;
const LOGS = join(STATE_DIR, 'logs');
/** Of each demo: its sign-ins, and a mark that is there while its seeding is unfinished. */
const OWN_DEMO = { signIns: SIGN_INS_FILE, mark: join(STATE_DIR, 'seed-unfinished') };
const flags = new Set(process.argv.slice(2));
const cleanUps = [];
let stopping;

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => void leave(0));

main().catch((error) => {
  if (stopping) return;
  console.error(`\n${error.message}`);
  void leave(1);
});

async function main() {
  const unknown = [...flags].filter((flag) => !['--demo', '--no-build', '--help'].includes(flag));
  if (unknown.length > 0) throw new Error(`Unknown flag ${unknown.join(', ')}\n\n${HELP}`);
  if (flags.has('--help')) {
    console.log(HELP);
    return;
  }
  const begun = Date.now();
  checkNode();
  const other = runningUp();
  if (other) {
    console.log(
      other.url ? `Counterfoil is already running at ${other.url}` : 'Counterfoil is already starting.',
    );
    printSignIns(other.demo);
    return;
  }
  console.log('Counterfoil');
  await stopOrphanServer();
  recordUp({});
  cleanUps.push(forgetUp);
  await step(
    installTitle(),
    () => installPackages(join(LOGS, 'install.log')),
    (done) => done,
  );

  // Two chains beside one another: neither needs the other before the server starts.
  const [database] = await both(prepareDatabase(), prepareBuild());
  const port = await choosePort();
  const server = await step('Start the server', () =>
    startServer({
      place: SERVED,
      port,
      env: { DATABASE_URL: database.url, NEXTAUTH_SECRET: secret() },
      log: join(LOGS, 'server.log'),
      onEnd: (words) => {
        console.error(`\n${words}`);
        void leave(1);
      },
    }),
  );
  cleanUps.push(server.stop);
  recordUp({ url: server.url, serverPid: server.pid, demo: database.demo });
  console.log(`\nReady after ${duration(Date.now() - begun)}.\n\n  ${server.url}\n`);
  printSignIns(database.demo);
  console.log('Ctrl-C stops everything.');
}

function installTitle() {
  return packagesAreInstalled()
    ? 'packages are installed'
    : 'Install the packages (npm ci; a minute or so the first time)';
}

async function prepareDatabase() {
  const foreign = process.env.DATABASE_URL;
  if (foreign) {
    await step('Check the database of DATABASE_URL', () => checkForeignServer(foreign));
    await step('Bring its tables up to date', () => bootstrap(foreign));
    return { url: foreign, demo: await seedForeign(foreign) };
  }
  // Addresses for somebody else's server would lead the roles of ours astray.
  delete process.env.APP_DATABASE_URL;
  delete process.env.SYSTEM_DATABASE_URL;
  const own = await step(
    existsSync(POSTGRES_DATA_DIR) ? 'Start PostgreSQL' : 'Make and start a PostgreSQL server',
    startOwnPostgres,
    (server) => `PostgreSQL runs on port ${server.port}`,
  );
  if (seedWasInterrupted(OWN_DEMO.mark)) {
    await step('Delete the demo whose seeding was interrupted', () => dropDatabase(own.url, DATABASE));
  }
  const url = await ensureDatabase(own.url, DATABASE);
  await step('Bring the tables up to date', () => bootstrap(url));
  if (await isEmpty(url)) await seedDemo(url, OWN_DEMO);
  return { url, demo: OWN_DEMO };
}

async function startOwnPostgres() {
  const server = await startPostgres({
    dataDir: POSTGRES_DATA_DIR,
    port: lastPostgresPort() ?? DEFAULT_POSTGRES_PORT,
    password: keptSecret(POSTGRES_PASSWORD_FILE),
    stateFile: POSTGRES_STATE_FILE,
  });
  cleanUps.push(server.stop);
  if (stopping) await server.stop();
  return server;
}

function lastPostgresPort() {
  try {
    return JSON.parse(readFileSync(POSTGRES_STATE_FILE, 'utf8')).port;
  } catch {
    return undefined;
  }
}

// Never known passwords into somebody's data: only when asked, only where nothing is.
async function seedForeign(url) {
  const demo = foreignDemo(url);
  if (!flags.has('--demo')) return existsSync(demo.signIns) ? demo : undefined;
  if (await isEmpty(url)) {
    await seedDemo(url, demo);
    return demo;
  }
  if (seedWasInterrupted(demo.mark)) {
    throw new Error(
      'Seeding the demo into this database was interrupted, so it is incomplete. Give an empty database instead.',
    );
  }
  if (existsSync(demo.signIns)) return demo;
  console.log('  –  The database already holds organisations, so the demo is not seeded into it.');
  return undefined;
}

function foreignDemo(url) {
  const { host, pathname } = new URL(url);
  const name = createHash('sha256').update(`${host}${pathname}`).digest('hex').slice(0, 12);
  return {
    signIns: join(STATE_DIR, `demo-sign-ins-${name}.json`),
    mark: join(STATE_DIR, `seed-unfinished-${name}`),
  };
}

async function seedDemo(url, demo) {
  await step('Seed the demo: 18 months of a company, made by its own commands', () =>
    seed({
      url,
      env: { SIGN_INS_FILE: demo.signIns, NEXTAUTH_SECRET: secret() },
      mark: demo.mark,
      log: join(LOGS, 'seed.log'),
      onLine: (line) => console.log(`       ${line}`),
    }),
  );
}

async function prepareBuild() {
  if (flags.has('--no-build')) {
    if (!buildState(SERVED).present) throw new Error('There is no build to serve yet; leave out --no-build.');
    return;
  }
  const state = buildState(SERVED);
  if (state.current) {
    console.log('  ✓  built already, sources unchanged');
    return;
  }
  const title = state.present ? 'Build again, the sources changed' : 'Build the console and the server';
  await step(title, () => ensureBuild(SERVED, join(LOGS, 'build.log'))).catch((error) => {
    const rest = state.present
      ? '\nThe last good build is untouched: npm run up -- --no-build serves it.'
      : '';
    throw new Error(`${error.message}${rest}`);
  });
}

// The first failure ends the other chain too, and waits for it, so that nothing starts after the clean-up.
async function both(first, second) {
  try {
    return await Promise.all([first, second]);
  } catch (error) {
    giveUp();
    await endAll();
    await Promise.allSettled([first, second]);
    throw error;
  }
}

async function choosePort() {
  const wanted = Number(process.env.PORT || DEFAULT_PORT);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65535) {
    throw new Error(`PORT must be a number from 1 to 65535, not "${process.env.PORT}".`);
  }
  if (await isPortFree(wanted)) return wanted;
  const port = await freePortFrom(wanted + 1);
  console.log(`  –  Port ${wanted} is taken, using ${port}.`);
  return port;
}

function secret() {
  return process.env.NEXTAUTH_SECRET || keptSecret(join(STATE_DIR, 'session-secret'));
}

function printSignIns(demo) {
  if (!demo || !existsSync(demo.signIns)) return;
  const people = JSON.parse(readFileSync(demo.signIns, 'utf8'));
  const width = (key) => Math.max(...people.map((person) => person[key].length));
  console.log('Sign in as');
  for (const { role, email, password } of people) {
    console.log(`  ${role.padEnd(width('role'))}  ${email.padEnd(width('email'))}  ${password}`);
  }
  console.log('');
}

function leave(code) {
  stopping ??= (async () => {
    giveUp();
    await endAll();
    // Last started, first stopped: the server before its database.
    for (const cleanUp of cleanUps.reverse()) {
      try {
        await cleanUp();
      } catch (error) {
        console.error(error.message);
        process.exitCode = 1;
      }
    }
    process.exit(process.exitCode ?? code);
  })();
  return stopping;
}
