'use server';

import { z } from 'zod';
import { databases } from '@/db/process';
import { withSystem } from '@/db/tenancy';
import { requirePerson, requireRole } from '@/lib/auth/current';
import { Forbidden } from '@/lib/auth/errors';
import { switchOrganization } from '@/lib/auth/sessions';
import { moveClock } from '@/lib/runners/clock';
import { CommandError } from '@/lib/schedule/errors';

/** Looks at another of one's organisations. False when it is not one's own. */
export async function switchTo(organizationId: string): Promise<boolean> {
  const person = await requirePerson();
  const id = z.uuid().safeParse(organizationId);
  if (!id.success) return false;
  return withSystem(databases(), (tx) => switchOrganization(tx, person, id.data));
}

export type Moved = { ok: true } | { ok: false; message: string };

/** Moves the clock of test data; everything that falls due on the way happens. */
export async function moveTestClock(to: number): Promise<Moved> {
  const person = await requirePerson();
  if (!Number.isSafeInteger(to)) return { ok: false, message: 'Choose a day and a time.' };
  if (person.organization.mode !== 'sandbox') {
    return { ok: false, message: 'Only the clock of test data can be moved.' };
  }
  try {
    requireRole(person, 'sandbox.move_clock');
    await moveClock(databases(), person.organizationId, to);
    return { ok: true };
  } catch (failure) {
    if (failure instanceof Forbidden || failure instanceof CommandError) {
      return { ok: false, message: failure.message };
    }
    throw failure;
  }
}
