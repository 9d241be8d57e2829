import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { memberships } from '@/db/schema';
import { withSystem } from '@/db/tenancy';
import { encodeSession } from '@/lib/auth/session-cookie';
import { sessionCookieName } from '@/lib/auth/session-cookie-name';
import { createSession } from '@/lib/auth/sessions';
import { createUser } from '@/lib/auth/users';
import { goLive, moveClock } from '@/lib/runners/clock';
import { ROOT, STATE_DIR } from '@/scripts/lib/paths.mjs';
import { anyFreePort } from '@/scripts/lib/ports.mjs';
import { run } from '@/scripts/lib/run.mjs';
import { startServer } from '@/scripts/lib/server.mjs';
import { buildForTests } from '@/scripts/lib/test-server.mjs';
import { assertSoundBooks, copyCustomer, foundCompany, newCustomer, use } from './company.ts';
import type { BenchDatabase } from './world.ts';

const CUSTOMERS = 200;
const DAY = 86_400_000;
const NEXT = join(ROOT, 'node_modules', 'next', 'dist', 'bin', 'next');
const EMPTY = join(import.meta.dirname, 'empty-page');

interface Site {
  url: string;
  stop(): Promise<void>;
}

export interface Console extends Site {
  /** A founder's session. */
  cookie: { name: string; value: string };
  customerId: string;
  invoiceId: string;
}

/** The built console as it is served, on a company of 200 customers whose bills of the last month have gone out. */
export async function startConsole({ databases, ownerUrl }: BenchDatabase): Promise<Console> {
  const log = (name: string) => join(STATE_DIR, 'logs', `bench-${name}.log`);
  const place = await buildForTests(log('build'));
  const now = Date.now();
  const company = await foundCompany(databases, {
    startsAt: now - 40 * DAY,
    mode: 'history',
    payInAdvance: true,
  });
  const { organizationId } = company;
  const model = await newCustomer(company, 'model');
  const copies = await copyCustomer(company, model, CUSTOMERS - 1);
  await use(company, ['model', ...copies.slice(0, 20)], { from: now - 40 * DAY, to: now, each: 40 });
  await moveClock(databases, organizationId, now);
  await assertSoundBooks(company);
  await goLive(databases, organizationId);
  const email = 'tomas@tidewharf.example';
  const [userId, sessionId] = await withSystem(databases, async (tx) => {
    const id = await createUser(tx, { name: 'Tomas Wrede', email, password: 'calm harbour lanterns' }, now);
    await tx.insert(memberships).values({
      organizationId,
      userId: id,
      name: 'Tomas Wrede',
      email,
      title: 'Founder',
      timezone: 'Europe/Lisbon',
      roles: ['founder'],
      createdAt: new Date(now),
    });
    return [id, await createSession(tx, { userId: id, organizationId, userAgent: 'Benchmark' }, now)];
  });
  const [invoice] = await withSystem(databases, (tx) =>
    tx.query.invoices.findMany({
      columns: { id: true },
      where: (row, { and, eq }) => and(eq(row.customerId, model.customerId), eq(row.status, 'finalized')),
      limit: 1,
    }),
  );
  if (!invoice) throw new Error('No invoice has gone out');
  const server = await startServer({
    place,
    port: await anyFreePort(),
    env: { DATABASE_URL: ownerUrl, LOG_LEVEL: 'error' },
    log: log('server'),
  });
  return {
    url: server.url,
    stop: server.stop,
    cookie: { name: sessionCookieName(), value: await encodeSession({ userId, sessionId }) },
    customerId: model.customerId,
    invoiceId: invoice.id,
  };
}

/** The limit: a page of the same framework that says one word, made anew for each request. */
export async function startEmptyPage(): Promise<Site> {
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } as const;
  const built = await run(process.execPath, [NEXT, 'build', EMPTY], { env });
  if (built.code !== 0) throw new Error(`The empty page was not built:\n${built.output}`);
  const port = await anyFreePort();
  const child = spawn(process.execPath, [NEXT, 'start', EMPTY, '-p', String(port), '-H', '127.0.0.1'], {
    env,
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) break;
    if (tries === 100) throw new Error('The empty page is not served');
    await new Promise((done) => setTimeout(done, 100));
  }
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
    },
  };
}
