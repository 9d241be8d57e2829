import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SERVER_FLAGS } from '@/scripts/lib/server-flags.mjs';
import type { BenchDatabase } from './world.ts';

export interface BenchServer {
  port: number;
  pid: number;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
}

/** The product's listener in a process of its own, on this database. */
export async function startServer(database: BenchDatabase): Promise<BenchServer> {
  const child = spawn(
    process.execPath,
    [...SERVER_FLAGS, '--import', 'tsx', join(import.meta.dirname, 'serve.ts')],
    {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        LOG_LEVEL: 'error',
        APP_DATABASE_URL: database.appUrl,
        SYSTEM_DATABASE_URL: database.systemUrl,
        // As fast as it goes is what is measured.
        COUNTERFOIL_INGEST_REQUESTS_PER_MINUTE: '0',
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    },
  );
  const gone = once(child, 'exit');
  const [first] = (await Promise.race([once(child.stdout!, 'data'), gone])) as [unknown];
  if (!(first instanceof Buffer)) throw new Error('the server did not start');
  return {
    port: Number(first.toString().trim()),
    pid: child.pid ?? -1,
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
