// The suites of "npm test": how each is run, and how its outcome is counted.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkWhatIsLeft } from './books.mjs';
import { findBrowser } from './browser.mjs';
import { ROOT, STATE_DIR } from './paths.mjs';
import { run } from './run.mjs';
import { buildForTests, startTestServer } from './test-server.mjs';

/**
 * @typedef {{passed: number, failed: number, words?: string}} Outcome `words` is shown when something failed
 */

function tool(...path) {
  return join(ROOT, 'node_modules', ...path);
}

/** One check that holds or does not: the exit code says which. */
async function oneCheck(program, args) {
  const { code, output } = await run(program, args);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, words: output };
}

export const build = async () => {
  await buildForTests(join(STATE_DIR, 'logs', 'test-build.log'));
  return { passed: 1, failed: 0 };
};

export const types = () => oneCheck(process.execPath, [tool('typescript', 'bin', 'tsc'), '--noEmit']);

export const lint = () =>
  oneCheck(process.execPath, [
    tool('@biomejs', 'biome', 'bin', 'biome'),
    'ci',
    '--colors=off',
    '--max-diagnostics=30',
    '--error-on-warnings',
    '.',
  ]);

export const deadCode = () => oneCheck(process.execPath, [tool('knip', 'bin', 'knip.js'), '--no-progress']);

export const imports = async () => {
  const { output } = await run(process.execPath, ['scripts/check-imports.mjs']);
  const counts = /(\d+) rules hold, (\d+) broken/.exec(output);
  if (!counts) return { passed: 0, failed: 1, words: output };
  return { passed: Number(counts[1]), failed: Number(counts[2]), words: output };
};

export const unit = () => vitest('unit');
export const database = () => vitest('db');

async function vitest(project) {
  return withReport(async (report) => {
    const args = [
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ];
    const { code, output } = await run(process.execPath, [
      tool('vitest', 'vitest.mjs'),
      ...args,
      '--passWithNoTests',
    ]);
    const json = readJson(report);
    if (!json) return { passed: 0, failed: 1, words: output };
    // A file that cannot even be loaded has no tests to fail.
    const brokenFiles = json.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    );
    const failed = json.numFailedTests + brokenFiles.length;
    return { passed: json.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed, words: output };
  });
}

export const scenarios = async () => {
  const wanted = readFileSync(join(ROOT, 'e2e', 'conformance', 'passing.txt'), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (wanted.length === 0) return { passed: 0, failed: 0 };
  const server = await startTestServer('scenarios');
  try {
    const runner = join(ROOT, 'e2e', 'conformance', 'run.mjs');
    const env = { ...process.env, API_URL: server.url, API_KEY: server.apiKey };
    const checked = ['--import', 'tsx', '--import', './e2e/conformance/checked-answers.ts'];
    const args = [...checked, runner, ...wanted, '--json', '--jobs', '4'];
    const { output } = await run(process.execPath, args, { env });
    const counted = countScenarios(wanted, output);
    const left = await checkWhatIsLeft(server.databaseUrl);
    return {
      passed: counted.passed + (left.ok ? 1 : 0),
      failed: counted.failed + (left.ok ? 0 : 1),
      words: [counted.words, left.ok ? '' : left.words].filter(Boolean).join('\n'),
    };
  } finally {
    await server.stop();
  }
};

function countScenarios(wanted, output) {
  let results;
  try {
    ({ results } = JSON.parse(output));
  } catch {
    return { passed: 0, failed: 1, words: output };
  }
  const byId = new Map(results.map((result) => [result.id, result]));
  const bad = wanted.filter((id) => !byId.get(id)?.ok);
  const words = bad.map((id) => {
    const result = byId.get(id);
    return result ? `${id} step ${result.step} ${result.call}: ${result.message}` : `${id}: no such scenario`;
  });
  return { passed: wanted.length - bad.length, failed: bad.length, words: words.join('\n') };
}

export const journeys = async (say) => {
  const browser = await findBrowser(say);
  return withReport(async (report) => {
    const env = { ...process.env, CHROMIUM_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: report };
    const args = [
      tool('@playwright', 'test', 'cli.js'),
      'test',
      '--reporter=list,json',
      '--pass-with-no-tests',
    ];
    const { code, output } = await run(process.execPath, args, { env });
    const stats = readJson(report)?.stats;
    if (!stats) return { passed: 0, failed: code === 0 ? 0 : 1, words: output };
    const passed = stats.expected + stats.flaky;
    const failed = stats.unexpected === 0 && code !== 0 ? 1 : stats.unexpected;
    return { passed, failed, words: output };
  });
};

async function withReport(work) {
  const folder = mkdtempSync(join(tmpdir(), 'cf-report-'));
  try {
    return await work(join(folder, 'report.json'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
