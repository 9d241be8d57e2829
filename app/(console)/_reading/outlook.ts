import { cache } from 'react';
import { databases } from '@/db/process';
import { withTenant } from '@/db/tenancy';
import { requirePerson } from '@/lib/auth/current';
import { outlook } from '@/lib/commands/preview/outlook';
import type { Outlook } from '@/lib/commands/preview/types';
import { readClock } from '@/lib/schedule/clock';
import { actorOf } from '../_acts/actor';

class TakenBack extends Error {
  constructor(readonly outlook: Outlook) {
    super('taken back');
  }
}

/**
 * A customer's next bills as the engine forecasts them, once a request. The forecast bills for real inside a transaction
 * that is always rolled back, so nothing stays.
 */
export const customerOutlook = cache(async (customerId: string): Promise<Outlook> => {
  const person = await requirePerson();
  const { organizationId } = person;
  try {
    return await withTenant(databases(), organizationId, async (tx) => {
      const { now } = await readClock(tx, organizationId);
      throw new TakenBack(
        await outlook(
          { tx, organizationId, now, mode: 'preview', holdMinutes: 0, actor: actorOf(person) },
          customerId,
        ),
      );
    });
  } catch (thrown) {
    if (thrown instanceof TakenBack) return thrown.outlook;
    throw thrown;
  }
});
