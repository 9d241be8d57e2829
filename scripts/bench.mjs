// npm run bench: measures speed on a throw-away, durable PostgreSQL. "npm run bench -- pricing" runs one measure.
// Figures go to bench/results as JSON; docs/benchmarks.md says what they mean.

import { join } from 'node:path';
import { ROOT } from './lib/paths.mjs';
import { endAll, run } from './lib/run.mjs';

for (const name of ['SIGINT', 'SIGTERM']) {
  process.on(name, () => void endAll().then(() => process.exit(130)));
}
const args = ['--import', 'tsx', join(ROOT, 'bench', 'run.ts'), ...process.argv.slice(2)];
const env = { ...process.env, TZ: 'UTC', NEXTAUTH_SECRET: 'a secret that only benchmarks know' };
const { code, output } = await run(process.execPath, args, { env, onLine: (line) => console.log(line) });
if (code !== 0) console.error(output.trimEnd().split('\n').slice(-20).join('\n'));
process.exitCode = code;
