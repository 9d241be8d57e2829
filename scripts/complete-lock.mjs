// Completes package-lock.json after "npm install".
//
// Where a registry does not serve the optional binaries of other platforms, npm writes a lock without them, and
// "npm ci" then stops with "Missing: … from lock file". This adds those entries (version, platform; the integrity
// is not known) and checks that no entry names a registry's address.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib/paths.mjs';

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

const file = join(ROOT, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = addMissing(lock.packages);
const addresses = Object.entries(lock.packages).filter(([, entry]) => entry.resolved && !entry.link);
for (const [, entry] of addresses) delete entry.resolved;
lock.packages = sortByPath(lock.packages);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} entries added, ${addresses.length} addresses removed`);

function addMissing(packages) {
  let count = 0;
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isInstalled(packages, path, name)) continue;
      packages[`node_modules/${name}`] = platformEntry(name, range, entry);
      count += 1;
    }
  }
  return count;
}

// Node's own search: beside the dependant, then in each folder above it.
function isInstalled(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

function platformEntry(name, range, parent) {
  const words = name.split('/').at(-1).split(/[-_.]/);
  const system = words.includes('windows') ? 'win32' : SYSTEMS.find((one) => words.includes(one));
  const processor = PROCESSORS.find((one) => words.includes(one));
  const libc = libcOf(words);
  return {
    version: range.replace(/^[~^]/, ''),
    ...(processor ? { cpu: [processor] } : {}),
    ...(parent.dev ? { dev: true } : {}),
    ...(libc ? { libc: [libc] } : {}),
    optional: true,
    ...(system ? { os: [system] } : {}),
  };
}

function libcOf(words) {
  if (words.some((word) => word.startsWith('musl'))) return 'musl';
  if (words.some((word) => word.startsWith('gnu'))) return 'glibc';
  return undefined;
}

function sortByPath(packages) {
  return Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
}
