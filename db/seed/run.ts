// Fills an empty database: the demo company with its 18 months, or with --bare just the company and its people.
// Reads DATABASE_URL (the owner's), SIGN_INS_FILE, NEXTAUTH_SECRET and optionally DEMO_API_KEY.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import postgres from 'postgres';
import { deriveUrls } from '@/db/bootstrap';
import { openDatabases } from '@/db/clients';
import { withSystem } from '@/db/tenancy';
import { isFirstOrganization } from '@/lib/auth/organizations';
import { seedBare } from './bare.ts';
import { seedDemo } from './demo.ts';
import { signIns } from './people.ts';

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
}

async function run(): Promise<void> {
  const signInsFile = required('SIGN_INS_FILE');
  const now = Date.now();
  const apiKey = process.env.DEMO_API_KEY || undefined;
  const urls = deriveUrls(required('DATABASE_URL'));
  const databases = openDatabases(urls);
  const owner = postgres(urls.ownerUrl, { max: 1, onnotice: () => {} });
  const refreshStatistics = async () => {
    await owner`analyze`;
  };
  try {
    if (!(await withSystem(databases, isFirstOrganization))) {
      throw new Error('This database already holds an organisation; only an empty one is seeded.');
    }
    if (process.argv.includes('--bare')) await seedBare(databases, { now, apiKey });
    else await seedDemo(databases, { now, apiKey, say: (line) => console.log(line), refreshStatistics });
    console.log(`done in ${Math.round((Date.now() - now) / 1000)} seconds`);
    mkdirSync(path.dirname(signInsFile), { recursive: true });
    writeFileSync(signInsFile, `${JSON.stringify(signIns(), null, 2)}\n`, { mode: 0o600 });
  } finally {
    await Promise.all([databases.close(), owner.end()]);
  }
}

await run();
