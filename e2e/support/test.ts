import { test as base } from '@playwright/test';
import { expect } from './matchers.ts';
import { World } from './world.ts';

interface Journey {
  world: World;
  /** Collects what a page throws; a journey that leaves any behind fails. */
  calm: undefined;
}

export const test = base.extend<Journey>({
  world: async ({ baseURL }, give) => {
    await give(await World.open(baseURL ?? ''));
  },
  calm: [
    async ({ context }, give) => {
      const thrown: string[] = [];
      context.on('weberror', (error) => thrown.push(String(error.error())));
      context.on('console', (message) => {
        if (
          message.type() === 'error' &&
          /Content Security Policy|Hydration|Minified React/.test(message.text())
        )
          thrown.push(message.text());
      });
      await give(undefined);
      expect(thrown).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
