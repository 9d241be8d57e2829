// Works every issued invoice of a database out again from its stored facts and says which came out otherwise, and which rows
// break an invariant of the books:
//   DATABASE_URL=… node --import tsx scripts/reproduce.ts [FROM TO]
// With two days (UTC, FROM inclusive, TO not) it runs that period again instead: its invoices, and the billing days by the
// calendar, each of which must have fallen due once. The last line is JSON: {organizations, invoices, different: [...],
// billingDays, missing: [...], broken: [...]}. Ends with 1 when anything differs, is missing or is broken.

import { asc } from 'drizzle-orm';
import { deriveUrls } from '../db/bootstrap.ts';
import { openDatabases } from '../db/clients.ts';
import { organizations } from '../db/schema/index.ts';
import { withSystem, withTenant } from '../db/tenancy.ts';
import { checkBooks } from '../lib/queries/books.ts';
import { type Reproduction, reproducePeriod } from '../lib/queries/reproduce/reproduce.ts';
import { type MissingBill, rerunPeriod } from '../lib/queries/reproduce/rerun.ts';
import { readClock } from '../lib/schedule/clock.ts';

const url = process.env.DATABASE_URL;
if (!url) throw new Error("Set DATABASE_URL to the owner's address of the database to check.");
const [from, to] = process.argv.slice(2).map((day) => Date.parse(`${day}T00:00:00Z`));
const period = from === undefined || to === undefined ? null : { from, to };
if (period && !(period.from < period.to))
  throw new Error('Give two days in order, as in 2026-10-01 2026-11-01.');
const databases = openDatabases(deriveUrls(url));
try {
  const rows = await withSystem(databases, (tx) =>
    tx.select({ id: organizations.id }).from(organizations).orderBy(asc(organizations.id)),
  );
  let invoices = 0;
  let billingDays = 0;
  const different: Reproduction[] = [];
  const missing: MissingBill[] = [];
  const broken: unknown[] = [];
  for (const { id } of rows) {
    await withTenant(
      databases,
      id,
      async (tx) => {
        const rerun = period && (await rerunPeriod(tx, id, period, (await readClock(tx, id)).now));
        const found = rerun ?? (await reproducePeriod(tx, id));
        invoices += found.invoices;
        different.push(...found.different);
        billingDays += rerun?.billingDays ?? 0;
        missing.push(...(rerun?.missing ?? []));
        broken.push(...(await checkBooks(tx, id)));
      },
      { readOnly: true },
    );
  }
  console.log(
    JSON.stringify({ organizations: rows.length, invoices, different, billingDays, missing, broken }),
  );
  if (different.length + missing.length + broken.length > 0) process.exitCode = 1;
} finally {
  await databases.close();
}
