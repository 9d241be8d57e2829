import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Figure, Measure } from './measure.ts';
import { billing } from './measures/billing.ts';
import { documents } from './measures/documents.ts';
import { ingest } from './measures/ingest.ts';
import { pages } from './measures/pages.ts';
import { preview } from './measures/preview.ts';
import { pricing } from './measures/pricing.ts';
import { reading } from './measures/reading.ts';
import { usage } from './measures/usage.ts';
import { wallet } from './measures/wallet.ts';
import { openWorld } from './world.ts';

/** Every measure, in the order they run. A new one is one file in `measures` and its name here. */
const MEASURES: Measure[] = [billing, documents, ingest, pages, preview, pricing, reading, usage, wallet];

const chosen = process.argv.slice(2);
const wanted = MEASURES.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
if (wanted.length === 0) {
  console.error(`There is no such measure. Choose from: ${MEASURES.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const world = await openWorld((words) => console.log(`  …  ${words}`));
const figures: (Figure & { measure: string })[] = [];
try {
  for (const measure of wanted) {
    console.log(measure.name);
    for (const figure of await measure.run(world)) {
      figures.push({ measure: measure.name, ...figure });
      console.log(`  ${sentenceOf(figure)}`);
    }
  }
} finally {
  await world.close();
}
const folder = join(import.meta.dirname, 'results');
mkdirSync(folder, { recursive: true });
const file = join(folder, `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}.json`);
const machine = { cores: availableParallelism(), node: process.version };
writeFileSync(file, `${JSON.stringify({ machine, figures }, null, 2)}\n`);
console.log(`Written to ${file}`);

function sentenceOf({ name, figure, limit, ratio, unit, against, spread }: Figure): string {
  const [low, high] = spread.map(short);
  return `${name}: ${short(figure)} ${unit} (${low} to ${high}); ${against}: ${short(limit)}; ratio ${short(ratio)}`;
}

function short(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
