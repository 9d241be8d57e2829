// npm run reset: stops everything and deletes the demo's database and secrets. Asks first; "--yes" answers.

import { existsSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { POSTGRES_DATA_DIR, STATE_DIR } from './lib/paths.mjs';
import { runPlan } from './lib/postgres-binaries.mjs';
import { stopUp } from './lib/up-state.mjs';

if (!existsSync(STATE_DIR)) {
  console.log('There is nothing to delete.');
} else if (await isMeant()) {
  await stopUp();
  const { dataDir } = runPlan(POSTGRES_DATA_DIR);
  for (const path of [dataDir, `${dataDir}.log`, STATE_DIR]) rmSync(path, { recursive: true, force: true });
  console.log('Deleted. The next "npm run up" starts afresh.');
} else {
  console.log('Nothing was deleted. To delete without being asked: npm run reset -- --yes');
  process.exitCode = 1;
}

async function isMeant() {
  if (process.argv.includes('--yes')) return true;
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('This deletes the demo and all data entered into it. Type "yes": ');
  terminal.close();
  return answer.trim().toLowerCase() === 'yes';
}
