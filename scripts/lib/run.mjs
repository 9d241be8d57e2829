// Runs programs as children that are never left behind.

import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from './paths.mjs';
import { signal, waitForEnd } from './processes.mjs';

const children = new Set();

/**
 * Runs a program to its end, in a process group of its own.
 * @param {string} program
 * @param {string[]} args
 * @param {object} [options]
 * @param {Record<string, string | undefined>} [options.env] the whole environment; the present one when left out
 * @param {string} [options.log] a file that receives all output
 * @param {(line: string) => void} [options.onLine] called with each line of standard output
 * @returns {Promise<{code: number, output: string}>} `output` is standard output and errors as they came
 */
export function run(program, args, { env = process.env, log, onLine } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    children.add(child);
    if (log) mkdirSync(dirname(log), { recursive: true });
    const file = log ? createWriteStream(log) : undefined;
    const parts = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (part) => {
        parts.push(part);
        file?.write(part);
      });
    }
    if (onLine) createInterface({ input: child.stdout }).on('line', onLine);
    child.once('error', (error) => {
      children.delete(child);
      reject(error);
    });
    child.once('close', (code) => {
      children.delete(child);
      file?.end();
      resolve({ code: code ?? 1, output: parts.join('') });
    });
  });
}

/** Like run, but throws with the last lines of the output when the program fails. */
export async function runOrThrow(what, program, args, options) {
  const { code, output } = await run(program, args, options);
  if (code !== 0) throw new Error(`${what} failed:\n${lastLines(output, 40)}`);
  return output;
}

/** Ends every program still running (at Ctrl-C, or after a failure). */
export async function endAll() {
  await Promise.all(
    [...children].map(async (child) => {
      if (child.pid === undefined || child.exitCode !== null) return;
      const group = process.platform === 'win32' ? child.pid : -child.pid;
      signal(group, 'SIGTERM');
      if (!(await waitForEnd(child.pid, 5_000))) signal(group, 'SIGKILL');
    }),
  );
}

/** The last lines of a text. */
export function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
