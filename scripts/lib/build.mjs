// Builds the console (Next.js) and the server (one bundle), once per state of the sources.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, STATE_DIR } from './paths.mjs';
import { isAlive } from './processes.mjs';
import { runOrThrow } from './run.mjs';

const STAGING = '.next-build';
const MARK = 'sources.txt';
const LOCK = join(STATE_DIR, 'build.lock');
const SOURCE_FOLDERS = ['app', 'components', 'db', 'lib', 'public'];
const SOURCE_FILES = [
  'package-lock.json',
  'next.config.ts',
  'postcss.config.mjs',
  'proxy.ts',
  'instrumentation.ts',
];

/** The build that is served. A test run has its own, so that it never touches a running server's files. */
export const SERVED = { next: '.next', server: 'dist/server.mjs' };
export const TESTED = { next: '.next-test', server: 'dist/server-test.mjs' };

/**
 * Builds into `place` unless it already holds a build of exactly these sources. Everything is built elsewhere and
 * moved when whole: a failed build leaves the previous one as it was.
 * @param {{next: string, server: string}} place
 * @param {string} log file for the build's own words
 * @returns {Promise<{built: boolean}>}
 * @throws with the last lines of the build when it fails
 */
export async function ensureBuild(place, log) {
  return withLock(async () => {
    const hash = hashSources();
    if (isCurrent(place, hash)) return { built: false };
    rmSync(join(ROOT, STAGING), { recursive: true, force: true });
    await buildConsole(log);
    const bundle = join(ROOT, STAGING, 'server.mjs');
    await bundleServer(bundle);
    writeFileSync(join(ROOT, STAGING, MARK), hash);
    swap(place, bundle);
    return { built: true };
  });
}

/** Is there a build to serve, and is it one of the present sources? */
export function buildState(place) {
  const present = existsSync(join(ROOT, place.next, MARK)) && existsSync(join(ROOT, place.server));
  return { present, current: present && isCurrent(place, hashSources()) };
}

function isCurrent(place, hash) {
  const mark = join(ROOT, place.next, MARK);
  return existsSync(join(ROOT, place.server)) && existsSync(mark) && readFileSync(mark, 'utf8') === hash;
}

async function buildConsole(log) {
  const next = join(ROOT, 'node_modules', 'next', 'dist', 'bin', 'next');
  await runOrThrow('The build', process.execPath, [next, 'build'], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_DIST_DIR: STAGING,
      NEXT_TELEMETRY_DISABLED: '1',
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      // Pages read the database when they are asked for, never while they are built.
      DATABASE_URL: undefined,
      APP_DATABASE_URL: undefined,
      SYSTEM_DATABASE_URL: undefined,
    },
    log,
  });
}

async function bundleServer(outfile) {
  const { build } = await import('esbuild');
  await build({
    entryPoints: [join(ROOT, 'lib', 'server', 'main.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    alias: { '@': ROOT },
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'silent',
    absWorkingDir: ROOT,
  });
}

function swap(place, bundle) {
  const old = join(ROOT, `${place.next}-old`);
  const target = join(ROOT, place.next);
  mkdirSync(dirname(join(ROOT, place.server)), { recursive: true });
  rmSync(old, { recursive: true, force: true });
  if (existsSync(target)) renameSync(target, old);
  renameSync(bundle, join(ROOT, place.server));
  renameSync(join(ROOT, STAGING), target);
  rmSync(old, { recursive: true, force: true });
}

/** A digest over everything that goes into a build. */
function hashSources() {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0]);
  for (const file of sourceFiles()) {
    hash
      .update(`${relative(ROOT, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function sourceFiles() {
  const files = SOURCE_FILES.map((name) => join(ROOT, name)).filter((file) => existsSync(file));
  for (const folder of SOURCE_FOLDERS) {
    if (!existsSync(join(ROOT, folder))) continue;
    for (const entry of readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      const isTest = /\.test\.tsx?$/.test(entry.name);
      if (entry.isFile() && !isTest) files.push(join(entry.parentPath ?? entry.path, entry.name));
    }
  }
  return files.sort();
}

// Two builds at once (a bring-up beside a test run) would write into one another.
async function withLock(work) {
  mkdirSync(STATE_DIR, { recursive: true });
  while (!takeLock()) await sleep(300);
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function takeLock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isAlive(Number(readFileSync(LOCK, 'utf8')))) rmSync(LOCK, { force: true });
    return false;
  }
}
