import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';

// The port is needed before the server starts (baseURL) and must be the same in every worker.
process.env.JOURNEYS_PORT ??= spawnSync(
  process.execPath,
  [
    '-e',
    "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{process.stdout.write(String(s.address().port));s.close()})",
  ],
  { encoding: 'utf8' },
).stdout;

const debian = '/usr/bin/chromium';
const executablePath = process.env.CHROMIUM_PATH ?? (existsSync(debian) ? debian : undefined);

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  // Each journey has an organisation of its own.
  fullyParallel: true,
  globalSetup: './scripts/playwright-global-setup.ts',
  // A browser waits for the server half its time. Three of them, the server and PostgreSQL share two cores: slowness is
  // not a failure.
  workers: 3,
  expect: { timeout: 30_000 },
  timeout: 180_000,
  forbidOnly: true,
  outputDir: 'test-results',
  reporter: 'list',
  use: {
    ...devices['Desktop Chrome'],
    baseURL: `http://127.0.0.1:${process.env.JOURNEYS_PORT}`,
    // Recording each step costs every journey a fifth of its time: ask for it ("--trace on") when one fails.
    screenshot: 'only-on-failure',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
