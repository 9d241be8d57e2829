// Works every issued invoice of a database out again from its stored facts and says which came out otherwise:
//   DATABASE_URL=… node --import tsx scripts/reproduce.ts
// The last line is JSON: {organizations, invoices, different: [...]}. Ends with 1 when anything differs.

import { asc } from 'drizzle-orm';
import { deriveUrls } from '../db/bootstrap.ts';
import { openDatabases } from '../db/clients.ts';
import { organizations } from '../db/schema/index.ts';
import { withSystem, withTenant } from '../db/tenancy.ts';
import { type Reproduction, reproducePeriod } from '../lib/queries/reproduce/reproduce.ts';

const url = process.env.DATABASE_URL;
if (!url) throw new Error("Set DATABASE_URL to the owner's address of the database to check.");
const databases = openDatabases(deriveUrls(url));
try {
  const rows = await withSystem(databases, (tx) =>
    tx.select({ id: organizations.id }).from(organizations).orderBy(asc(organizations.id)),
  );
  let invoices = 0;
  const different: Reproduction[] = [];
  for (const { id } of rows) {
    const found = await withTenant(databases, id, (tx) => reproducePeriod(tx, id), { readOnly: true });
    invoices += found.invoices;
    different.push(...found.different);
  }
  console.log(JSON.stringify({ organizations: rows.length, invoices, different }));
  if (different.length > 0) process.exitCode = 1;
} finally {
  await databases.close();
}
