// Who is serving the demo right now: recorded by "npm run up", read by "down" and "reset".

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { POSTGRES_DATA_DIR, STATE_DIR, UP_STATE_FILE } from './paths.mjs';
import { stopPostgres } from './postgres.mjs';
import { commandLine, isAlive, signal, waitForEnd } from './processes.mjs';

const STOP_TIMEOUT = 60_000;

/** Records the present process as the one that serves. */
export function recordUp(facts) {
  mkdirSync(STATE_DIR, { recursive: true });
  writeFileSync(UP_STATE_FILE, JSON.stringify({ pid: process.pid, ...facts }));
}

export function forgetUp() {
  rmSync(UP_STATE_FILE, { force: true });
}

/** The running bring-up, or undefined. A number that another program uses by now does not count. */
export function runningUp() {
  const state = readState();
  if (!state || state.pid === process.pid || !isAlive(state.pid)) return undefined;
  const line = commandLine(state.pid);
  return line === '' || line.includes('up.mjs') ? state : undefined;
}

function readState() {
  try {
    return JSON.parse(readFileSync(UP_STATE_FILE, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Stops the bring-up, or what a killed one left behind.
 * @returns {Promise<boolean>} whether anything ran
 */
export async function stopUp() {
  const up = runningUp();
  if (up) {
    signal(up.pid, 'SIGTERM');
    if (!(await waitForEnd(up.pid, STOP_TIMEOUT))) {
      throw new Error(`The running "npm run up" (process ${up.pid}) does not stop.`);
    }
  }
  const hadServer = up ? false : await stopOrphanServer();
  forgetUp();
  const hadDatabase = await stopPostgres(POSTGRES_DATA_DIR);
  return Boolean(up) || hadServer || hadDatabase;
}

/** Stops the server of a bring-up that was killed before it could. */
export async function stopOrphanServer() {
  const pid = readState()?.serverPid;
  if (!pid || !isAlive(pid) || !commandLine(pid).includes('dist/server')) return false;
  signal(pid, 'SIGTERM');
  if (!(await waitForEnd(pid, 15_000))) signal(pid, 'SIGKILL');
  return true;
}
