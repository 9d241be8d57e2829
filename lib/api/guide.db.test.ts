import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApi } from './app.ts';
import { openWorld, type World } from './testing/world.ts';

/** Runs what docs/api-guide.md tells its readers to run, in a shell, against a server that really listens. */
const GUIDE = readFileSync('docs/api-guide.md', 'utf8');
const BETWEEN = '-- next block --';

let world: World;
let server: Server;

beforeAll(async () => {
  world = await openWorld();
  const { fetch } = createApi(world.databases);
  server = createServer(getRequestListener(fetch, { overrideGlobalObjects: false }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await world.close();
});

interface Block {
  language: string;
  text: string;
}

/** Fenced blocks to run, in order; one that starts the product, goes on listening or leaves something out with an ellipsis is not. */
function blocks(): Block[] {
  const found = [...GUIDE.matchAll(/^```(sh|js)\n(.*?)^```$/gms)];
  return found
    .map(([, language = '', text = '']) => ({ language, text }))
    .filter(
      ({ text }) =>
        !/npm run|createServer/.test(text) && !text.replaceAll(/(^|\s)(#|\/\/) .*$/gm, '').includes('…'),
    );
}

/** What the comments of a block promise, piece by piece: an ellipsis stands for anything. */
function promised(block: string): string[] {
  const comments = [...block.matchAll(/(?:^#|\/\/) (.*)$/gm)].map(([, text = '']) => text);
  return comments.flatMap((text) => text.split('…')).flatMap((piece) => piece.trim() || []);
}

it('is true to the last answer', async () => {
  const { port } = server.address() as AddressInfo;
  const { key } = await world.organization('live');
  const commands = ({ language, text }: Block): string =>
    language === 'js'
      ? `node --input-type=module -e '${text.replaceAll("'", `'"'"'`)}'`
      : text
          .replace(/^export API=.*$/m, `export API=http://127.0.0.1:${port}/api/v1`)
          .replace(/^export LIVE=.*$/m, `export LIVE=${key}`);
  const all = blocks();
  const script = all.map((block) => `${commands(block)}\necho; echo '${BETWEEN}'`);
  const run = ['set -eu -o pipefail', ...script].join('\n');
  const { stdout } = await promisify(execFile)('bash', ['-c', run], { timeout: 60_000 });
  const answers = stdout.split(BETWEEN);
  expect(all.length).toBeGreaterThan(8);
  for (const [index, { text }] of all.entries()) {
    let rest = answers[index] ?? '';
    for (const piece of promised(text)) {
      expect(rest, `block ${index + 1} of the guide`).toContain(piece);
      rest = rest.slice(rest.indexOf(piece) + piece.length);
    }
  }
}, 90_000);
