import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, THROW_AWAY_SETTINGS } from '@/scripts/lib/postgres.mjs';
import { type Databases, openDatabases } from './clients.ts';

type Server = Awaited<ReturnType<typeof startPostgres>>;

const folder = mkdtempSync(join(tmpdir(), 'counterfoil-test-connection-'));
let server: Server;
let databases: Databases;

const start = (port?: number) =>
  startPostgres({ dataDir: join(folder, 'data'), port, settings: THROW_AWAY_SETTINGS });
const ask = () => databases.system.execute<{ one: number }>(sql`select 1 as one`);

beforeAll(async () => {
  server = await start();
  databases = openDatabases({ appUrl: server.url, systemUrl: server.url }, { app: 2, system: 2, bulk: 1 });
}, 60_000);

afterAll(async () => {
  await databases.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a pool', () => {
  it('refuses while the server is away, and works when it is back', async () => {
    await Promise.all([ask(), ask()]);
    await server.stop();
    for (let attempt = 0; attempt < 6; attempt++) await expect(ask()).rejects.toThrow();
    server = await start(server.port);
    const answers = await Promise.all([ask(), ask(), ask(), ask()]);
    expect(answers.map((rows) => rows[0]?.one)).toEqual([1, 1, 1, 1]);
  });

  it('gives up transactions cut off in the middle, also inside a savepoint, and lends their places on', async () => {
    const cut = () =>
      databases.app.transaction((tx) =>
        tx.transaction(async (inner) => {
          await inner.execute(sql`select pg_terminate_backend(pg_backend_pid())`);
        }),
      );
    for (let round = 0; round < 10; round++) {
      const ends = await Promise.allSettled([cut(), cut()]);
      expect(ends.map((end) => end.status)).toEqual(['rejected', 'rejected']);
    }
    expect(
      await databases.app.transaction(async (tx) => (await tx.execute(sql`select 2 as two`))[0]),
    ).toEqual({
      two: 2,
    });
  });

  it('keeps a body that lost its connection out of whatever uses the place next', async () => {
    let late: Promise<unknown> = Promise.resolve();
    let goOn = () => {};
    const pause = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const lost = databases.bulk.begin(async (tx) => {
      const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      await databases.system.execute(sql`select pg_terminate_backend(${row!.pid}::int)`);
      await pause;
      late = Promise.resolve().then(() => tx`select 'late'`);
      await late;
    });
    await expect(lost).rejects.toThrow();
    const next = databases.bulk.begin(async (tx) => {
      await tx`create temp table seen (n int)`;
      goOn();
      await new Promise((resolve) => setTimeout(resolve, 30));
      await tx`insert into seen values (1)`;
      return tx<{ n: number }[]>`select n from seen`;
    });
    expect([...(await next)]).toEqual([{ n: 1 }]);
    await expect(late).rejects.toThrow('the connection has ended');
  });

  it('rolls back and goes on after an ordinary failure', async () => {
    await expect(
      databases.app.transaction(async (tx) => {
        await tx.execute(sql`create table kept (n int)`);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await databases.app.execute(sql`select to_regclass('kept') as kept`)).toMatchObject([
      { kept: null },
    ]);
  });
});
