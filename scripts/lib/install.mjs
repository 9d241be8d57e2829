// Installs the packages the lock names, when they are not all there.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { lastLines, run } from './run.mjs';

const NEEDED_NODE = [20, 9];

/** Throws when this Node is too old for the project. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [needMajor, needMinor] = NEEDED_NODE;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  throw new Error(
    `Counterfoil needs Node ${NEEDED_NODE.join('.')} or newer; this is ${process.versions.node}.`,
  );
}

/** Are all packages of the lock installed, in its versions? (Optional ones may be missing.) */
export function packagesAreInstalled() {
  const wanted = readPackages(join(ROOT, 'package-lock.json'));
  const installed = readPackages(join(ROOT, 'node_modules', '.package-lock.json'));
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.optional || entry.devOptional || entry.peer) return true;
    return installed[path]?.version === entry.version;
  });
}

function readPackages(file) {
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/**
 * Installs from the lock; where npm cannot use the lock on this machine, installs without it and says so.
 * @param {string} log file for npm's own words
 * @returns {Promise<string>} what was done
 */
export async function installPackages(log) {
  if (packagesAreInstalled()) return 'packages are installed';
  const options = ['--include=dev', '--include=optional', '--prefer-offline', '--no-audit', '--no-fund'];
  const exact = await npm(['ci', ...options], log);
  if (exact.code === 0) return 'packages installed from the lock';
  const loose = await npm(['install', '--no-save', ...options], log);
  if (loose.code === 0) return 'packages installed ("npm ci" failed, "npm install" worked)';
  throw new Error(
    `npm could not install the packages. A first installation needs the registry.\n${lastLines(loose.output, 25)}`,
  );
}

function npm(args, log) {
  const { NODE_ENV: _production, ...env } = process.env;
  // npm tells scripts where it lives; calling it through Node avoids a shell on Windows.
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js')
    ? run(process.execPath, [cli, ...args], { env, log })
    : run('npm', args, { env, log });
}
