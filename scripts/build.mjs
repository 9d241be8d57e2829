// npm run build: the console (next build) and the server (one bundle), ready for "npm start".

import { join } from 'node:path';
import { ensureBuild, SERVED } from './lib/build.mjs';
import { checkNode } from './lib/install.mjs';
import { STATE_DIR } from './lib/paths.mjs';
import { step } from './lib/steps.mjs';

try {
  checkNode();
  await step(
    'Build the console and the server',
    () => ensureBuild(SERVED, join(STATE_DIR, 'logs', 'build.log')),
    ({ built }) => (built ? 'Built the console and the server' : 'built already, sources unchanged'),
  );
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
