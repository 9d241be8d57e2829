// Starts and stops a PostgreSQL server of the project's own, from the binaries that npm installs.

import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { anyFreePort, isPortFree } from './ports.mjs';
import { giveTo, programPath, programVersion, runPlan } from './postgres-binaries.mjs';
import { commandLine, isAlive, signal, waitForEnd } from './processes.mjs';

const SOCKET_PREFIX = 'cf-pg-';
const OWNER = 'owner';
const START_TIMEOUT = 30_000;
const STOP_TIMEOUT = 15_000;
const PORT_ATTEMPTS = 5;

/** Settings of a server whose data is kept. */
const KEPT_SETTINGS = { shared_buffers: '256MB', max_wal_size: '2GB' };

/** Settings of a server that is thrown away: nothing is ever written through to the disk. */
export const THROW_AWAY_SETTINGS = {
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
};

/**
 * Starts a server, making its data folder first where there is none. A server still running on that folder
 * (left by a killed run) is stopped first. Whatever fails after the start stops the server again.
 *
 * @param {object} options
 * @param {string} options.dataDir data folder
 * @param {number} [options.port] wanted port on 127.0.0.1; another free one is taken when it is busy
 * @param {Record<string, string>} [options.settings] PostgreSQL settings over the defaults
 * @param {string} [options.password] the owner's password (SCRAM); without one, loopback is trusted: tests only
 * @param {string} [options.stateFile] where to record process number and port
 * @returns {Promise<{url: string, port: number, pid: number, dataDir: string, socketDir: string, stop: () => Promise<void>}>}
 *   `dataDir` is where the data really is; `url` connects as the owner (a superuser) to the database "postgres"
 */
export async function startPostgres({ dataDir, port, settings = {}, password, stateFile }) {
  const plan = runPlan(dataDir);
  await stopLeftover(plan.dataDir);
  if (!existsSync(join(plan.dataDir, 'PG_VERSION'))) initialise(plan, password);
  checkVersion(plan);
  giveTo(plan.owner, plan.dataDir);

  const socketDir = mkdtempSync(join(tmpdir(), SOCKET_PREFIX));
  giveTo(plan.owner, socketDir);
  const wanted = { ...KEPT_SETTINGS, ...settings };
  for (let attempt = 1; ; attempt += 1) {
    const chosen = attempt === 1 && port && (await isPortFree(port)) ? port : await anyFreePort();
    const server = launch(plan, chosen, socketDir, wanted);
    try {
      await untilReady(server, plan.dataDir);
      const stop = async () => {
        await stopPid(server.pid, plan.dataDir);
        rmSync(socketDir, { recursive: true, force: true });
        if (stateFile) rmSync(stateFile, { force: true });
      };
      if (stateFile) {
        mkdirSync(dirname(stateFile), { recursive: true });
        writeFileSync(
          stateFile,
          JSON.stringify({ pid: server.pid, port: chosen, dataDir: plan.dataDir, socketDir }),
        );
      }
      return {
        url: ownerUrl(chosen, password),
        port: chosen,
        pid: server.pid,
        dataDir: plan.dataDir,
        socketDir,
        stop,
      };
    } catch (error) {
      await stopPid(server.pid, plan.dataDir);
      const lostThePort = /could not bind|Address already in use/.test(error.message);
      if (lostThePort && attempt < PORT_ATTEMPTS) continue;
      rmSync(socketDir, { recursive: true, force: true });
      throw error;
    }
  }
}

function ownerUrl(port, password) {
  const secret = password ? `:${encodeURIComponent(password)}` : '';
  return `postgres://${OWNER}${secret}@127.0.0.1:${port}/postgres`;
}

// postmaster.pid: 1 process, 2 folder, 3 start, 4 port, 5 sockets, 6 address, 7 memory key, 8 status
function serverNote(dataDir) {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), socketDir: (lines[4] ?? '').trim(), status: (lines[7] ?? '').trim() };
  } catch {
    return undefined;
  }
}

function serverEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('PG') && !name.startsWith('LC_'),
  );
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}

// Made under another name and renamed when whole, so that a killed first run leaves nothing half-made.
function initialise(plan, password) {
  const fresh = `${plan.dataDir}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  giveTo(plan.owner, fresh);
  const args = ['-D', fresh, '-U', OWNER, '-E', 'UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'];
  const secretDir = password ? mkdtempSync(join(tmpdir(), 'cf-pw-')) : undefined;
  if (secretDir) {
    writeFileSync(join(secretDir, 'password'), `${password}\n`, { mode: 0o600 });
    giveTo(plan.owner, secretDir);
    args.push('-A', 'scram-sha-256', `--pwfile=${join(secretDir, 'password')}`);
  } else {
    args.push('-A', 'trust', '--no-sync');
  }
  const [program, all] = plan.command(programPath(plan.native, 'initdb'), args);
  const made = spawnSync(program, all, {
    ...plan.ids,
    cwd: tmpdir(),
    env: serverEnvironment(),
    encoding: 'utf8',
  });
  if (secretDir) rmSync(secretDir, { recursive: true, force: true });
  if (made.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    const words =
      `${made.stdout ?? ''}${made.stderr ?? ''}`.trim() || String(made.error ?? `signal ${made.signal}`);
    throw new Error(`PostgreSQL could not make its data folder ${plan.dataDir}:\n${lastLines(words)}`);
  }
  rmSync(plan.dataDir, { recursive: true, force: true });
  renameSync(fresh, plan.dataDir);
}

function checkVersion(plan) {
  const made = readFileSync(join(plan.dataDir, 'PG_VERSION'), 'utf8').trim();
  const installed = programVersion();
  if (made !== installed) {
    throw new Error(
      `The data in ${plan.dataDir} was written by PostgreSQL ${made}, but version ${installed} is installed. ` +
        '"npm run reset" deletes it and starts afresh.',
    );
  }
}

function launch(plan, port, socketDir, settings) {
  const args = ['-D', plan.dataDir, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'];
  args.push('-c', `unix_socket_directories=${process.platform === 'win32' ? '' : socketDir}`);
  args.push('-c', 'timezone=UTC', '-c', 'log_timezone=UTC');
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const [program, all] = plan.command(programPath(plan.native, 'postgres'), args);
  const logFile = `${plan.dataDir}.log`;
  const log = openSync(logFile, 'w', 0o600);
  // A group of its own: Ctrl-C must reach the web server first and the database last.
  const child = spawn(program, all, {
    ...plan.ids,
    cwd: tmpdir(),
    env: serverEnvironment(),
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  child.unref();
  const server = { pid: child.pid ?? -1, logFile, ended: undefined };
  child.once('error', (error) => {
    server.ended = error.message;
  });
  child.once('exit', (code, name) => {
    server.ended = `ended with ${name ?? code}`;
  });
  return server;
}

async function untilReady(server, dataDir) {
  const end = Date.now() + START_TIMEOUT;
  for (;;) {
    const note = serverNote(dataDir);
    if (note?.pid === server.pid && note.status === 'ready') return;
    if (server.ended || Date.now() > end) {
      const why = server.ended ?? `was not ready after ${START_TIMEOUT / 1000} seconds`;
      throw new Error(`PostgreSQL ${why}:\n${lastLines(readFileSync(server.logFile, 'utf8'))}`);
    }
    await sleep(15);
  }
}

function lastLines(text) {
  return text.trim().split('\n').slice(-15).join('\n');
}

/**
 * Stops the server of this data folder, if one runs.
 * @returns {Promise<boolean>} whether there was one
 */
export async function stopPostgres(dataDir) {
  return stopLeftover(runPlan(dataDir).dataDir);
}

// Only a process that is visibly this folder's server is stopped: numbers are used again by the system.
async function stopLeftover(dataDir) {
  const note = serverNote(dataDir);
  if (!note || !isAlive(note.pid)) return false;
  const line = commandLine(note.pid);
  if (line && !line.includes(dataDir)) return false;
  await stopPid(note.pid, dataDir);
  if (basename(note.socketDir).startsWith(SOCKET_PREFIX))
    rmSync(note.socketDir, { recursive: true, force: true });
  return true;
}

async function stopPid(pid, dataDir) {
  if (pid <= 0 || !isAlive(pid)) return;
  if (process.platform === 'win32') {
    spawnSync(programPath(runPlan(dataDir).native, 'pg_ctl'), ['stop', '-D', dataDir, '-m', 'fast', '-w']);
    return;
  }
  signal(pid, 'SIGINT');
  if (await waitForEnd(pid, STOP_TIMEOUT)) return;
  signal(pid, 'SIGQUIT');
  if (!(await waitForEnd(pid, STOP_TIMEOUT))) throw new Error(`PostgreSQL (process ${pid}) does not stop.`);
}
