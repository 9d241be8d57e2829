import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const alias = { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') };
const exclude = ['node_modules/**', '.next*/**', 'dist/**', '.counterfoil/**', 'e2e/**'];

/** Two projects: `unit` needs nothing but Node; `db` starts one throw-away PostgreSQL for all its files. */
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
          globalSetup: ['scripts/vitest-global-setup.ts'],
          hookTimeout: 30_000,
          testTimeout: 30_000,
        },
      },
    ],
  },
});
