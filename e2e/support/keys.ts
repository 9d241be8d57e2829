import { expect, type Locator, type Page } from '@playwright/test';

/**
 * Presses a key of the page until what it opens is there. A key pressed before the page's script has arrived is lost;
 * whoever pressed it presses it again.
 */
export async function pressToOpen(page: Page, key: string, opened: Locator): Promise<void> {
  await expect(async () => {
    if (!(await opened.isVisible())) await page.keyboard.press(key);
    await expect(opened).toBeVisible({ timeout: 5_000 });
  }).toPass();
}
