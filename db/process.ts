import { deriveUrls } from './bootstrap.ts';
import { type Databases, openDatabases } from './clients.ts';

const KEY = Symbol.for('counterfoil.databases');
type Holder = { [KEY]?: Databases };

/**
 * The process's one set of pools, shared by the Node server and Next's bundle (which load this module twice). Throws when
 * DATABASE_URL is missing.
 */
export function databases(): Databases {
  const holder = globalThis as Holder;
  if (!holder[KEY]) {
    const ownerUrl = process.env.DATABASE_URL;
    const derived = ownerUrl ? deriveUrls(ownerUrl) : null;
    const appUrl = process.env.APP_DATABASE_URL ?? derived?.appUrl;
    const systemUrl = process.env.SYSTEM_DATABASE_URL ?? derived?.systemUrl;
    if (!appUrl || !systemUrl) {
      throw new Error(
        'DATABASE_URL is not set. Give the address of a Postgres database (15 or newer), or use npm run up.',
      );
    }
    holder[KEY] = openDatabases({ appUrl, systemUrl });
  }
  return holder[KEY];
}
