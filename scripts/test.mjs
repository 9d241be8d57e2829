// npm test: every suite, also as the first command after a clone. "npm test -- unit db" runs some of them.
// The last line is "N passed, M failed" over all suites.

import { join } from 'node:path';
import { checkNode, installPackages } from './lib/install.mjs';
import { STATE_DIR } from './lib/paths.mjs';
import { endAll, lastLines } from './lib/run.mjs';
import { duration } from './lib/steps.mjs';
import * as suites from './lib/suites.mjs';

// Nothing of the surroundings may leak into a test, least of all somebody's database.
const SURROUNDINGS =
  /^(DATABASE_URL|APP_DATABASE_URL|SYSTEM_DATABASE_URL|PORT|DEMO_API_KEY|NEXTAUTH_.*|OIDC_.*|PG.*)$/;

/** Suites, budgets in seconds on two cores, and the lane they run in: lanes of one stage run beside each other. */
const STAGES = [
  [
    [['build', suites.build, 120]],
    [
      ['lint', suites.lint, 10],
      ['import rules', suites.imports, 5],
      ['dead code', suites.deadCode, 15],
    ],
  ],
  [
    [
      ['types', suites.types, 40],
      ['unit and property', suites.unit, 75],
    ],
    [['commands on PostgreSQL', suites.database, 180]],
  ],
  [[['API scenarios', suites.scenarios, 100]]],
  [[['journeys', suites.journeys, 360]]],
];
const INSTALL_BUDGET = 120;

const chosen = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const total = { passed: 0, failed: 0 };
let interrupted = false;

for (const name of ['SIGINT', 'SIGTERM']) {
  process.on(name, () => {
    interrupted = true;
    void endAll().then(() => process.exit(130));
  });
}

for (const name of Object.keys(process.env)) if (SURROUNDINGS.test(name)) delete process.env[name];
process.env.TZ = 'UTC';
process.env.NO_COLOR = '1';
delete process.env.FORCE_COLOR;

if (await install()) {
  for (const lanes of STAGES) await Promise.all(lanes.map(runLane));
}
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(`${total.passed} passed, ${total.failed} failed`);

async function install() {
  const outcome = await runSuite('install', INSTALL_BUDGET, async () => {
    checkNode();
    await installPackages(join(STATE_DIR, 'logs', 'install.log'));
    return { passed: 0, failed: 0 };
  });
  return outcome.failed === 0;
}

async function runLane(lane) {
  for (const [name, suite, budget] of lane) {
    if (chosen.length > 0 && !chosen.some((word) => name.startsWith(word))) continue;
    await runSuite(name, budget, () => suite((words) => console.log(`  …  ${name}: ${words}`)));
  }
}

async function runSuite(name, budget, work) {
  const start = Date.now();
  let outcome;
  try {
    outcome = await work();
  } catch (error) {
    outcome = { passed: 0, failed: 1, words: error.stack };
  }
  if (interrupted) return outcome;
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  const took = (Date.now() - start) / 1000;
  const late = took > budget ? ', OVER BUDGET' : '';
  const sign = outcome.failed > 0 ? '✗' : '✓';
  const counts = `${outcome.passed} passed, ${outcome.failed} failed`;
  console.log(`${sign} ${name}: ${counts} in ${duration(took * 1000)} (budget ${budget} s${late})`);
  if (outcome.failed > 0) console.log(indent(lastLines(outcome.words ?? '', 120)));
  return outcome;
}

function indent(text) {
  return text.replace(/^/gm, '    ');
}
