// After a suite that acted on a server: what it left behind must be right.

import { run } from './run.mjs';

/**
 * Every invoice that a suite issued comes out the same from its stored facts, and the books of all its organisations hold.
 * @param {string} databaseUrl the owner's
 * @returns {Promise<{ok: boolean, words: string}>}
 */
export async function checkWhatIsLeft(databaseUrl) {
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  const { code, output } = await run(process.execPath, ['--import', 'tsx', 'scripts/reproduce.ts'], { env });
  return { ok: code === 0, words: output };
}
