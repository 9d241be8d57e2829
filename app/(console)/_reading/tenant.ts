import type { Tx } from '@/db/clients';
import { databases } from '@/db/process';
import { withTenant } from '@/db/tenancy';
import { type Person, requirePerson } from '@/lib/auth/current';
import { readClock } from '@/lib/schedule/clock';

export interface Reading {
  tx: Tx;
  person: Person;
  organizationId: string;
  /** The organisation's clock, epoch milliseconds. */
  now: number;
}

/** Runs one read for the signed-in person's organisation, in a read-only transaction that sees only its rows. */
export async function reading<T>(work: (reading: Reading) => Promise<T>): Promise<T> {
  return readingFor(await requirePerson(), work);
}

/** The same for somebody already known: for what is read after the request's own cookies are out of reach, as in a stream. */
export async function readingFor<T>(person: Person, work: (reading: Reading) => Promise<T>): Promise<T> {
  const { organizationId } = person;
  return withTenant(
    databases(),
    organizationId,
    async (tx) => {
      const { now } = await readClock(tx, organizationId);
      return work({ tx, person, organizationId, now });
    },
    { readOnly: true },
  );
}
