import { addressCheck } from '@/lib/adapters/outbound/addresses';

export interface ServerSettings {
  host: string;
  port: number;
  /** The owner's address; absent where roles and tables are kept by somebody else. */
  ownerUrl: string | undefined;
  /** Whether this process brings the tables up to date before it serves. */
  migrates: boolean;
  /** What the demo organisation's API key must be. */
  demoApiKey: string | undefined;
  /** How many customers' due work this process does beside one another; 0 for a process that only answers requests. */
  workers: number;
  /** Internal networks webhooks may reach all the same: comma-separated addresses and CIDR networks. */
  webhookNetworks: string;
  /** How long calls of the API stay in its log. */
  apiLogDays: number;
}

const DEFAULT_WORKERS = 2;
const DEFAULT_API_LOG_DAYS = 30;

/** Reads the environment once. Throws a sentence that says what to set. */
export function readSettings(env: NodeJS.ProcessEnv): ServerSettings {
  const ownerUrl = env.DATABASE_URL || undefined;
  const rolesGiven = Boolean(env.APP_DATABASE_URL && env.SYSTEM_DATABASE_URL);
  if (!ownerUrl && !rolesGiven) {
    throw new Error(
      'DATABASE_URL is not set. Give the address of a PostgreSQL database, version 15 or newer.',
    );
  }
  const port = Number(env.PORT || 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`PORT must be a number from 0 to 65535, not "${env.PORT}".`);
  }
  const workers = Number(env.COUNTERFOIL_WORKERS || DEFAULT_WORKERS);
  if (!Number.isInteger(workers) || workers < 0 || workers > 64) {
    throw new Error(`COUNTERFOIL_WORKERS must be a number from 0 to 64, not "${env.COUNTERFOIL_WORKERS}".`);
  }
  const apiLogDays = Number(env.COUNTERFOIL_API_LOG_DAYS || DEFAULT_API_LOG_DAYS);
  if (!Number.isInteger(apiLogDays) || apiLogDays < 1 || apiLogDays > 3_650) {
    throw new Error(
      `COUNTERFOIL_API_LOG_DAYS must be a number from 1 to 3650, not "${env.COUNTERFOIL_API_LOG_DAYS}".`,
    );
  }
  const webhookNetworks = env.COUNTERFOIL_WEBHOOK_ALLOW_PRIVATE ?? '';
  try {
    addressCheck(webhookNetworks);
  } catch (error) {
    throw new Error(`COUNTERFOIL_WEBHOOK_ALLOW_PRIVATE: ${error instanceof Error ? error.message : error}`);
  }
  return {
    host: env.HOST || '127.0.0.1',
    port,
    ownerUrl,
    migrates: Boolean(ownerUrl) && !rolesGiven && !env.COUNTERFOIL_SKIP_MIGRATIONS,
    demoApiKey: env.DEMO_API_KEY || undefined,
    workers,
    webhookNetworks,
    apiLogDays,
  };
}
