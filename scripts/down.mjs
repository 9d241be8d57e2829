// npm run down: stops what "npm run up" started, also after it was killed.

import { stopUp } from './lib/up-state.mjs';

console.log((await stopUp()) ? 'Stopped.' : 'Nothing was running.');
