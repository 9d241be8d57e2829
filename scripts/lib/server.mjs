// Starts the built server and waits until it is ready.

import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './paths.mjs';
import { signal, waitForEnd } from './processes.mjs';
import { lastLines } from './run.mjs';
import { SERVER_FLAGS } from './server-flags.mjs';

const READY_TIMEOUT = 60_000;
const STOP_TIMEOUT = 15_000;

/**
 * @param {object} options
 * @param {{next: string, server: string}} options.place the build to serve
 * @param {number} options.port
 * @param {Record<string, string | undefined>} options.env added to the present environment
 * @param {string} options.log file for the server's own words
 * @param {(words: string) => void} [options.onEnd] called when the server ends without having been told to
 * @returns {Promise<{url: string, pid: number, stop: () => Promise<void>}>}
 * @throws with the last lines of the log when it does not become ready
 */
export async function startServer({ place, port, env, log, onEnd }) {
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, 'w', 0o600);
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [...SERVER_FLAGS, join(ROOT, place.server)], {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      NEXTAUTH_URL: process.env.NEXTAUTH_URL || url,
      ...env,
      NEXT_DIST_DIR: place.next,
      PORT: String(port),
    },
    stdio: ['ignore', file, file],
    detached: process.platform !== 'win32',
  });
  closeSync(file);
  const pid = child.pid ?? -1;
  let stopping = false;
  let ended;
  const end = (how) => {
    ended ??= `The server ${how}:\n${lastLines(readFileSync(log, 'utf8'), 25)}`;
  };
  child.once('error', (error) => end(`did not start (${error.message})`));

  const stop = async () => {
    stopping = true;
    if (ended) return;
    signal(pid, 'SIGTERM');
    if (!(await waitForEnd(pid, STOP_TIMEOUT))) signal(pid, 'SIGKILL');
  };
  child.once('exit', (code, name) => {
    end(`ended with ${name ?? code}`);
    if (!stopping && isUp) onEnd?.(ended);
  });
  let isUp = false;

  const deadline = Date.now() + READY_TIMEOUT;
  while (!(await answers(`${url}/ready`))) {
    if (ended) throw new Error(ended);
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`The server was not ready in time:\n${lastLines(readFileSync(log, 'utf8'), 25)}`);
    }
    await sleep(50);
  }
  isUp = true;
  return { url, pid, stop };
}

async function answers(url) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
