import { cache } from 'react';
import { formatAmount } from '@/components/format-amount';
import type { GiveMeter } from '@/components/shell/types';
import { databases } from '@/db/process';
import { withSystem } from '@/db/tenancy';
import { organizationsOf } from '@/lib/auth/sessions';
import { creditsLeftToGive, shellCounts } from '@/lib/queries/console/shell';
import { workRows } from '@/lib/queries/console/today';
import { reading } from '../_reading/tenant';

/** What waits for a person, once a request: the rail counts it, Today lists it. */
export const work = cache(() => reading(({ tx, organizationId, now }) => workRows(tx, organizationId, now)));

/** Everything the frame shows around a page. */
export async function shellFacts() {
  const frame = await reading(async ({ tx, person, organizationId, now }) => ({
    person,
    now,
    counts: await shellCounts(tx, organizationId, now),
    give: await creditsLeftToGive(tx, organizationId, person, now),
  }));
  const [rows, organizations] = await Promise.all([
    work(),
    withSystem(databases(), (tx) => organizationsOf(tx, frame.person.userId)),
  ]);
  return {
    ...frame,
    waiting: rows.length,
    trials: rows.filter((row) => row.kind === 'trials').length,
    organizations,
  };
}

/** "$3,180.00 of $5,000.00" with the share that is left. */
export function giveMeter(give: Awaited<ReturnType<typeof creditsLeftToGive>>): GiveMeter | undefined {
  if (!give || give.ofMinor <= 0n) return undefined;
  const short = (minor: bigint) => formatAmount(minor, give.currency).replace(/\.00$/, '');
  return {
    left: short(give.leftMinor),
    of: short(give.ofMinor),
    share: Number((give.leftMinor * 1000n) / give.ofMinor) / 1000,
  };
}
