// The rules of the house about imports. Prints one line per rule, and every breach.

import { readSources } from './lib/imports.mjs';

/** From the top down: a file imports from its own floor and from those below. */
const FLOORS = [
  'app',
  'components',
  'lib/server',
  'db/seed',
  'lib/api',
  'lib/runners',
  'lib/commands',
  'lib/queries',
  'lib/invoicing',
  'lib/usage',
  'lib/ledger',
  'lib/schedule',
  'lib/auth',
  'lib/adapters',
  'db',
  'lib/billing',
];
const BILLING_PACKAGES = ['temporal-polyfill'];
const IMPURE = [
  [/\bDate\.now\b/, 'the clock'],
  [/\bnew Date\(\s*\)/, 'the clock'],
  [/\bTemporal\.Now\b/, 'the clock'],
  [/\bperformance\.now\b/, 'the clock'],
  [/\bMath\.random\b/, 'chance'],
  [/\bcrypto\./, 'chance'],
  [/\bprocess\./, 'the environment'],
  [/\bglobalThis\b/, 'the environment'],
  [/\bfetch\(/, 'the network'],
  [/\bset(Timeout|Interval|Immediate)\(/, 'timers'],
  [/\bconsole\./, 'the terminal'],
  [/\brequire\(/, 'require'],
];
const FLOATS = [
  [/\bparseFloat\(/, 'parseFloat'],
  [/\.toFixed\(/, 'toFixed'],
];
/** What a page never needs: it asks the server, or `periods/browser-zone` about days. */
const HEAVY = ['temporal-polyfill', 'zod'];
const MONEY_FLOORS = ['lib/billing', 'lib/invoicing', 'lib/ledger'];

const all = readSources();
const sources = new Map(
  [...all].filter(([path]) => !/\.test\.tsx?$/.test(path) && !/(^|\/)testing\//.test(path)),
);

const rules = [
  ['imports only go down', floorBreaches()],
  ['no import circles', circles()],
  ['lib/billing is pure', impurities()],
  ['no floats where money is worked out', floats()],
  ['nothing of the server in client bundles', clientBreaches(isServerOnly)],
  ['nothing heavy in client bundles', clientBreaches((specifier) => HEAVY.includes(specifier))],
];

const failed = rules.filter(([, breaches]) => breaches.length > 0);
for (const [name, breaches] of rules) {
  console.log(`${breaches.length === 0 ? '✓' : '✗'} ${name}`);
  for (const breach of breaches) console.log(`    ${breach}`);
}
console.log(`${sources.size} files: ${rules.length - failed.length} rules hold, ${failed.length} broken`);
process.exitCode = failed.length > 0 ? 1 : 0;

function floorOf(path) {
  if (!path.includes('/')) return 'app';
  const inside = FLOORS.filter((floor) => path.startsWith(`${floor}/`));
  return inside.sort((a, b) => b.length - a.length)[0];
}

function floorBreaches() {
  const breaches = [];
  for (const { path, imports } of sources.values()) {
    const from = floorOf(path);
    if (!from) breaches.push(`${path} stands on no floor of the house`);
    for (const { specifier, target } of imports) {
      if (!from || target === undefined || target.endsWith('.css') || target.endsWith('.json')) continue;
      const to = floorOf(target);
      if (!to || !mayImport(from, to)) breaches.push(`${path} imports ${specifier}`);
    }
  }
  return breaches;
}

function mayImport(from, to) {
  if (from === to) return true;
  if (from === 'components') return to === 'lib/billing';
  // The engine and the database know nothing of each other.
  if (from === 'db') return false;
  return FLOORS.indexOf(to) > FLOORS.indexOf(from);
}

// Tarjan's strongly connected components: each with more than one file is a circle.
function circles() {
  const index = new Map();
  const low = new Map();
  const stack = [];
  const found = [];
  const visit = (path) => {
    index.set(path, index.size);
    low.set(path, index.get(path));
    stack.push(path);
    for (const { target } of sources.get(path).imports) {
      if (target === undefined || !sources.has(target)) continue;
      if (!index.has(target)) {
        visit(target);
        low.set(path, Math.min(low.get(path), low.get(target)));
      } else if (stack.includes(target)) {
        low.set(path, Math.min(low.get(path), index.get(target)));
      }
    }
    if (low.get(path) !== index.get(path)) return;
    const group = stack.splice(stack.indexOf(path));
    const ownImport = sources.get(path).imports.some(({ target }) => target === path);
    if (group.length > 1 || ownImport) found.push(group.join(' → '));
  };
  for (const path of sources.keys()) if (!index.has(path)) visit(path);
  return found;
}

function impurities() {
  const breaches = [];
  for (const { path, code, imports } of sources.values()) {
    if (!path.startsWith('lib/billing/')) continue;
    for (const { specifier, target } of imports) {
      const isAllowed =
        target === undefined ? BILLING_PACKAGES.includes(specifier) : target.startsWith('lib/billing/');
      if (!isAllowed) breaches.push(`${path} imports ${specifier}`);
    }
    breaches.push(...findWords(path, code, IMPURE, 'reaches for'));
  }
  return breaches;
}

function floats() {
  return [...sources.values()]
    .filter(({ path }) => MONEY_FLOORS.some((floor) => path.startsWith(`${floor}/`)))
    .flatMap(({ path, code }) => findWords(path, code, FLOATS, 'uses'));
}

function findWords(path, code, words, verb) {
  const breaches = [];
  code.split('\n').forEach((line, number) => {
    for (const [pattern, what] of words) {
      if (pattern.test(line)) breaches.push(`${path}:${number + 1} ${verb} ${what}: ${line.trim()}`);
    }
  });
  return breaches;
}

function clientBreaches(isBanned) {
  const breaches = new Set();
  for (const { path, text } of sources.values()) {
    if (hasDirective(text, 'use client')) followClient(path, [path], new Set(), breaches, isBanned);
  }
  return [...breaches];
}

// Follows what a bundler would take into the browser. It stops at server actions: those stay on the server.
function followClient(path, trail, seen, breaches, isBanned) {
  seen.add(path);
  for (const { specifier, target, typeOnly } of sources.get(path).imports) {
    if (typeOnly) continue;
    if (isBanned(specifier, target)) breaches.add(`${[...trail, specifier].join(' → ')}`);
    else if (target !== undefined && sources.has(target) && !seen.has(target)) {
      if (!hasDirective(sources.get(target).text, 'use server')) {
        followClient(target, [...trail, target], seen, breaches, isBanned);
      }
    }
  }
}

function isServerOnly(specifier, target) {
  if (target === undefined) {
    return /^(node:|server-only$|postgres$|drizzle-orm|pino$|nodemailer|graphile-worker|@node-rs\/|hono|next\/(headers|server)$|next-auth$)/.test(
      specifier,
    );
  }
  const floor = floorOf(target);
  if (floor === undefined || ['app', 'components', 'lib/billing'].includes(floor)) return false;
  return !hasDirective(sources.get(target)?.text ?? '', 'use server');
}

function hasDirective(text, directive) {
  const head = text.replace(/^(\s|\/\/.*\n|\/\*[\s\S]*?\*\/)*/, '');
  return head.startsWith(`'${directive}'`) || head.startsWith(`"${directive}"`);
}
