// Reads what every source file imports, without running any of it.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { ROOT } from './paths.mjs';

const FOLDERS = ['app', 'components', 'db', 'lib'];
const ROOT_FILES = ['proxy.ts', 'instrumentation.ts'];
const STATEMENT = /^\s*(import|export)\s+(?:(type)\s+)?(?:([\w\s{},*$]*?)\s*from\s+)?['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/**
 * @typedef {{specifier: string, target: string | undefined, typeOnly: boolean}} Import
 *   `target` is the imported file's path from the root; undefined for a package
 * @typedef {{path: string, text: string, code: string, imports: Import[]}} Source
 *   `code` is the text without comments
 * @returns {Map<string, Source>} by path from the root, written with "/"
 */
export function readSources() {
  const sources = new Map();
  for (const file of sourceFiles()) {
    const path = relative(ROOT, file).split(sep).join('/');
    const text = readFileSync(file, 'utf8');
    const code = withoutComments(text);
    sources.set(path, { path, text, code, imports: readImports(file, code) });
  }
  return sources;
}

function sourceFiles() {
  const files = ROOT_FILES.map((name) => join(ROOT, name)).filter((file) => existsSync(file));
  for (const folder of FOLDERS) {
    if (!existsSync(join(ROOT, folder))) continue;
    for (const entry of readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      const isSource = /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts');
      if (entry.isFile() && isSource) files.push(join(entry.parentPath ?? entry.path, entry.name));
    }
  }
  return files.sort();
}

/** Text with block comments and whole-line comments blanked; line numbers stay. */
function withoutComments(text) {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/^(\s*)\/\/.*$/gm, '$1')
    .replace(/(\s)\/\/ .*$/gm, '$1');
}

function readImports(file, code) {
  const imports = [];
  for (const [, , typeWord, clause, specifier] of code.matchAll(STATEMENT)) {
    imports.push({
      specifier,
      target: resolveTarget(file, specifier),
      typeOnly: Boolean(typeWord) || allTypes(clause),
    });
  }
  for (const [, specifier] of code.matchAll(DYNAMIC)) {
    imports.push({ specifier, target: resolveTarget(file, specifier), typeOnly: false });
  }
  return imports;
}

// import { type A, type B } from … leaves nothing behind when it is compiled.
function allTypes(clause) {
  const inner = /^\{([\s\S]*)\}$/.exec(clause?.trim() ?? '')?.[1];
  if (inner === undefined) return false;
  const names = inner.split(',').map((name) => name.trim());
  return names.filter(Boolean).every((name) => name.startsWith('type '));
}

function resolveTarget(file, specifier) {
  let base;
  if (specifier.startsWith('@/')) base = join(ROOT, specifier.slice(2));
  else if (specifier.startsWith('.')) base = join(dirname(file), specifier);
  else return undefined;
  const candidates = [base, `${base}.ts`, `${base}.tsx`, join(base, 'index.ts'), join(base, 'index.tsx')];
  const found = candidates.find((one) => existsSync(one) && statSync(one).isFile()) ?? base;
  return relative(ROOT, found).split(sep).join('/');
}
