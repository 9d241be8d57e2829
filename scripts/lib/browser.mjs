// Finds a Chromium for the journeys, or gets one.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { lastLines, run } from './run.mjs';

const DISTRIBUTION = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * The path of a browser: CHROMIUM_PATH, the distribution's, one installed from the distribution's packages (as root,
 * with apt), Playwright's own.
 * @param {(words: string) => void} say told what is being fetched
 * @returns {Promise<string>}
 * @throws saying how to get one
 */
export async function findBrowser(say) {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, but there is no such file.`);
  }
  const present = installed() ?? (await playwrightsOwn());
  if (present) return present;

  const attempts = [];
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('installing chromium with apt-get');
    attempts.push(await fetchWithApt());
    const found = installed();
    if (found) return found;
  }
  say("downloading Playwright's Chromium");
  const cli = join(ROOT, 'node_modules', 'playwright', 'cli.js');
  attempts.push(await run(process.execPath, [cli, 'install', 'chromium']));
  const own = await playwrightsOwn();
  if (own) return own;
  throw new Error(
    'The journeys need a Chromium browser and none could be found or fetched. Do one of these and try again:\n' +
      '  - Debian or Ubuntu: sudo apt-get install -y chromium\n' +
      '  - anywhere, with access to the network: npx playwright install --with-deps chromium\n' +
      '  - have one already: set CHROMIUM_PATH to its program\n' +
      `What was tried said:\n${attempts.map(({ output }) => lastLines(output, 5)).join('\n')}`,
  );
}

function installed() {
  return DISTRIBUTION.find((path) => existsSync(path));
}

async function fetchWithApt() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env });
  const first = await install();
  if (first.code === 0) return first;
  await run('apt-get', ['update'], { env });
  return install();
}

async function playwrightsOwn() {
  const { chromium } = await import('playwright');
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}
