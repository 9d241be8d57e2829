import { expect as base, type Page } from '@playwright/test';

/** `expect`, with a word for pages: `toFit` says that nothing has to be scrolled sideways. */
export const expect = base.extend({
  async toFit(page: Page) {
    const sizes = () =>
      page.evaluate(() => ({ inside: document.documentElement.scrollWidth, window: window.innerWidth }));
    let found = await sizes();
    for (let look = 0; look < 10 && found.inside > found.window; look++) {
      await page.waitForTimeout(100);
      found = await sizes();
    }
    return {
      pass: found.inside <= found.window,
      message: () => `The page is ${found.inside} px wide in a window of ${found.window} px.`,
    };
  },
});
