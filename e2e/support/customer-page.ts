import { expect, type Locator, type Page } from '@playwright/test';
import type { Customer } from './world.ts';

export type Act =
  | 'Extend trial'
  | 'Discount'
  | 'Credits'
  | 'Change plan'
  | 'End trial'
  | 'Pause'
  | 'Resume'
  | 'Start a subscription';

export interface Figures {
  now: string;
  after: string;
  difference: string;
}

/** The panel of one act on one customer's page. */
export class Panel {
  constructor(
    readonly root: Locator,
    readonly page: Page,
  ) {}

  /** Picks one of a group of chips or cards by its words. */
  async choose(group: string, words: string): Promise<void> {
    const option = this.root
      .getByRole('radiogroup', { name: group, exact: true })
      .getByText(words, { exact: true });
    await option.click();
  }

  /** The row of "What it means" with this label, once the figures are fresh. */
  async row(label: string | RegExp): Promise<Figures> {
    await this.fresh();
    const row = this.root
      .getByRole('row')
      .filter({ has: this.page.getByRole('rowheader', { name: label, exact: typeof label === 'string' }) });
    const [now = '', after = '', difference = ''] = await row.getByRole('cell').allInnerTexts();
    return { now, after, difference };
  }

  /** A line of "Due today": what, its working, its amount. */
  async due(what: string | RegExp): Promise<string[]> {
    await this.fresh();
    const due = this.root.getByRole('region', { name: 'Due today' });
    return due.getByRole('row').filter({ hasText: what }).getByRole('cell').allInnerTexts();
  }

  /** Waits until the figures shown are those of what is typed. */
  async fresh(): Promise<void> {
    await expect(this.root.locator('.working, .dim')).toHaveCount(0);
    await expect(this.root.getByRole('columnheader', { name: 'After' })).toBeVisible();
  }

  /** The button below the tear. */
  act(words: string | RegExp): Locator {
    return this.root.getByRole('button', { name: words });
  }

  async why(reason: string, note?: string): Promise<void> {
    await this.choose('Why', reason);
    if (note) await this.root.getByRole('textbox', { name: 'Note, seen by staff only' }).fill(note);
  }

  /** Presses the act and waits for its receipt. */
  async press(words: string): Promise<Locator> {
    await this.act(words).click();
    await expect(this.root).toBeHidden();
    const receipt = this.page.getByRole('region', { name: `Receipt: ${words}` });
    await expect(receipt).toBeVisible();
    return receipt;
  }
}

export function panelOf(page: Page, act: Act, customer: Customer): Panel {
  return new Panel(page.getByRole('dialog', { name: `${act}, ${customer.name}` }), page);
}

/** Opens a customer's page and waits for the part that is worked out last. */
export async function openCustomer(page: Page, customer: Customer): Promise<void> {
  await page.goto(`/customers/${customer.id}`);
  await expect(page.getByRole('heading', { level: 1, name: customer.name })).toBeVisible();
  await expect(nextBill(page)).toBeVisible();
}

/** Opens the panel of an act by its button. */
export async function openPanel(page: Page, act: Act, customer: Customer): Promise<Panel> {
  await page.getByRole('button', { name: act, exact: true }).click();
  const panel = panelOf(page, act, customer);
  await expect(panel.root).toBeVisible();
  return panel;
}

/** Opens the panel of an act that stands in the menu after the others. */
export async function openFromMenu(page: Page, act: Act, customer: Customer): Promise<Panel> {
  await page.getByRole('button', { name: 'More acts' }).click();
  await page.getByRole('menuitem', { name: new RegExp(`^${act}`) }).click();
  const panel = panelOf(page, act, customer);
  await expect(panel.root).toBeVisible();
  return panel;
}

/** The panel that asks before an act is taken back. */
export function undoPanelOf(page: Page, act: string): Panel {
  return new Panel(page.getByRole('dialog', { name: `Undo, ${act}` }), page);
}

/** Presses an act's Undo, in its receipt or its timeline entry, and gives the panel that says what the undo does. */
export async function askUndo(page: Page, within: Locator, act: string): Promise<Panel> {
  await within.getByRole('button', { name: `Undo: ${act}` }).click();
  const panel = undoPanelOf(page, act);
  await panel.fresh();
  return panel;
}

/** The card of the bill to come. */
export function nextBill(page: Page): Locator {
  return page.getByRole('region', { name: /^(First|Next) bill$/ });
}

/** The entries of the timeline. */
export function timeline(page: Page): Locator {
  return page.getByRole('region', { name: 'Timeline' }).getByRole('listitem');
}
