import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { findBrowser } from '@/scripts/lib/browser.mjs';
import { type Figure, figureOf, type Measure, median, quantile, timed } from '../measure.ts';
import { type Console, startConsole, startEmptyPage } from '../site.ts';
import type { BenchWorld } from '../world.ts';

const REPEATS = 3;
const RESPONSES = 40;
const WATCH = join(import.meta.dirname, '..', 'watch-page.js');
/** A page has come to rest: what it fetches for later is there as well. */
const REST_MS = 2_000;
const PROMISED = { lcpMs: 1_000, inpMs: 100, cls: 0.02 };

/** What a person waits for before a screen: its answer, its script, its largest paint; and that nothing jumps. */
export const pages: Measure = { name: 'pages', run: measurePages };

interface Seen {
  /** Kilobytes of script as they were sent, at the load event and at rest. */
  script: number;
  rested: number;
  lcp: number;
  cls: number;
}

async function measurePages(world: BenchWorld): Promise<Figure[]> {
  const database = await world.newDatabase();
  const stops: (() => Promise<void>)[] = [database.drop];
  try {
    const site = await startConsole(database);
    stops.push(site.stop);
    const empty = await startEmptyPage();
    stops.push(empty.stop);
    const browser = await chromium.launch({
      executablePath: await findBrowser(world.say),
      args: ['--no-sandbox', '--disable-gpu'],
    });
    stops.push(() => browser.close());
    const nothing = await seen(browser, null, empty.url, 'Nothing');
    const figures: Figure[] = [];
    for (const [name, path, words] of routes(site)) {
      figures.push(...(await measureRoute(browser, site, { name, path, words, empty: empty.url, nothing })));
    }
    figures.push(await panelOpens(browser, site));
    return figures;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** Each with words that prove that it is that page and not a refusal. */
const routes = ({ customerId, invoiceId }: Console): [name: string, path: string, words: string][] => [
  ['sign-in', '/sign-in', 'Password'],
  ['Today', '/', 'Coming up'],
  ['customers', '/customers', 'model'],
  ['customer', `/customers/${customerId}`, 'Next bill'],
  ['invoices', '/invoices', 'Export'],
  ['invoice', `/invoices/${invoiceId}`, 'Why'],
  ['payments', '/payments', 'Payments'],
  ['plans', '/plans', 'crew'],
  ['activity', '/activity', 'Activity'],
  ['insights, with charts', '/insights', 'MRR'],
  ['plan builder', '/plans/new', 'What a customer would pay'],
];

interface Route {
  name: string;
  path: string;
  words: string;
  empty: string;
  nothing: Seen;
}

async function measureRoute(
  browser: Browser,
  site: Console,
  { name, path, words, empty, nothing }: Route,
): Promise<Figure[]> {
  const cookie = path === '/sign-in' ? null : site.cookie;
  const url = `${site.url}${path}`;
  const waits: number[] = [];
  const limits: number[] = [];
  const looks: Seen[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    waits.push(await responseP95(url, cookie));
    limits.push(await responseP95(empty, null));
    looks.push(await seen(browser, cookie && { ...cookie, url: site.url }, url, words));
  }
  const of = (key: keyof Seen) => looks.map((look) => look[key]);
  return [
    figureOf(`${name}, script`, 'kB', 'an empty page', of('script'), [nothing.script]),
    figureOf(`${name}, script at rest`, 'kB', 'an empty page', of('rested'), [nothing.script]),
    figureOf(`${name}, answered p95`, 'ms', 'an empty page', waits, limits),
    figureOf(`${name}, largest paint`, 'ms', 'promised', of('lcp'), [PROMISED.lcpMs]),
    figureOf(`${name}, layout shift`, '', 'promised', of('cls'), [PROMISED.cls]),
  ];
}

async function responseP95(url: string, cookie: Console['cookie'] | null): Promise<number> {
  const headers: Record<string, string> = cookie ? { cookie: `${cookie.name}=${cookie.value}` } : {};
  const ask = async () => {
    const answer = await fetch(url, { headers, redirect: 'manual' });
    assert.equal(answer.status, 200, url);
    await answer.arrayBuffer();
  };
  for (let warm = 0; warm < 5; warm++) await ask();
  const waits: number[] = [];
  for (let n = 0; n < RESPONSES; n++) waits.push(await timed(ask));
  return quantile(waits, 0.95);
}

type Cookie = Console['cookie'] & { url: string };

async function open(browser: Browser, cookie: Cookie | null, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  if (cookie) await context.addCookies([cookie]);
  const page = await context.newPage();
  await page.addInitScript({ path: WATCH });
  await page.goto(url, { waitUntil: 'load' });
  return page;
}

/** One visit with an empty cache. */
async function seen(browser: Browser, cookie: Cookie | null, url: string, words: string): Promise<Seen> {
  const page = await open(browser, cookie, url);
  const script = await page.evaluate<number>('watched.scriptBytes()');
  await page.getByText(words).first().waitFor({ state: 'attached' });
  await page.waitForTimeout(REST_MS);
  const rested = await page.evaluate<number>('watched.scriptBytes()');
  const { lcp, cls } = await page.evaluate<Seen>('watched');
  await page.context().close();
  return { script: script / 1000, rested: rested / 1000, lcp, cls };
}

/** From the press to the next frame, the slowest of pressing, letting go and the click: what INP counts. */
async function panelOpens(browser: Browser, site: Console): Promise<Figure> {
  const waits: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const url = `${site.url}/customers/${site.customerId}`;
    const page = await open(browser, { ...site.cookie, url: site.url }, url);
    await page.waitForTimeout(REST_MS);
    await page.getByRole('button', { name: 'Credits', exact: true }).click();
    await page.getByRole('button', { name: 'Close', exact: false }).first().waitFor();
    await page.waitForTimeout(500);
    waits.push(await page.evaluate<number>('watched.inp'));
    await page.context().close();
  }
  assert.ok(median(waits) > 0, 'no interaction was seen');
  return figureOf('customer, a panel opens (INP)', 'ms', 'promised', waits, [PROMISED.inpMs]);
}
