import { withTenant } from '@/db/tenancy';
import { agedCompany } from '../aged.ts';
import { type Figure, figureOf, type Measure } from '../measure.ts';
import { placesOf } from '../places.ts';
import { type InTenant, one, p95 } from '../reads.ts';
import { screensOf } from '../screens.ts';
import type { BenchWorld } from '../world.ts';

const CUSTOMERS = Number(process.env.BENCH_CUSTOMERS ?? 5_000);
/** Invoices of each customer. */
const MONTHS = Number(process.env.BENCH_MONTHS ?? 10);
/** Events of each of a customer's five meters. */
const USES = Number(process.env.BENCH_USES ?? 4);
const TIMES = 60;

/** All a person reads on the console's screens, each beside the least a query can take. */
export const reading: Measure = { name: 'reading', run: screens };

async function screens(world: BenchWorld): Promise<Figure[]> {
  const database = await world.newDatabase();
  try {
    const sizes = { customers: CUSTOMERS, months: MONTHS, events: USES };
    const { databases, organizationId } = await agedCompany(database, sizes);
    const inTenant: InTenant = (read) => withTenant(databases, organizationId, read, { readOnly: true });
    const places = await placesOf(databases, organizationId);
    const limit = await p95(inTenant, one);
    const figures: Figure[] = [];
    for (const { name, kind, read } of screensOf(places)) {
      const figure = await p95(inTenant, read, TIMES);
      figures.push(figureOf(`${kind}: ${name}, p95`, 'ms', 'select 1', [figure], [limit]));
    }
    return figures;
  } finally {
    await database.drop();
  }
}
