import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const alias = { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') };
const exclude = ['node_modules/**', '.next*/**', 'dist/**', '.counterfoil/**', 'e2e/**'];

/**
 * Two projects: `unit` needs nothing but Node; `db` starts one throw-away PostgreSQL for all its files.
 * The files of a worker share its modules, because loading the product anew for each took longer than testing it; each
 * file has a database of its own.
 */
export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...exclude, '**/*.db.test.ts'],
          environment: 'node',
          env: { TZ: 'UTC' },
          isolate: false,
          setupFiles: ['scripts/vitest-properties.ts'],
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'db',
          include: ['**/*.db.test.ts'],
          exclude,
          environment: 'node',
          env: { TZ: 'UTC' },
          isolate: false,
          setupFiles: ['scripts/vitest-properties.ts'],
          maxWorkers: 2,
          globalSetup: ['scripts/vitest-global-setup.ts'],
          hookTimeout: 30_000,
          testTimeout: 30_000,
        },
      },
    ],
  },
});
