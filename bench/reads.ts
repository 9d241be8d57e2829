import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import type { Tx } from '@/db/clients';
import { quantile, timed } from './measure.ts';
import type { BenchDatabase } from './world.ts';

const READS = 200;

export type Read = (tx: Tx) => Promise<unknown>;
export type InTenant = (read: Read) => Promise<unknown>;

/** p95 of reads, each within the transaction a request has, in milliseconds. */
export async function p95(inTenant: InTenant, read: Read, times = READS): Promise<number> {
  for (let warm = 0; warm < 5; warm++) await inTenant(read);
  const took: number[] = [];
  for (let n = 0; n < times; n++) {
    await inTenant(async (tx) => {
      took.push(await timed(() => read(tx)));
    });
  }
  return quantile(took, 0.95);
}

/** The least a read can be. */
export const one: Read = (tx) => tx.execute(sql`select 1`);

/** Statistics as autovacuum would have them by now. Only the owner may. */
export async function analyze({ ownerUrl }: BenchDatabase): Promise<void> {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    await owner`vacuum analyze`;
  } finally {
    await owner.end();
  }
}
