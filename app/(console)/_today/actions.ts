'use server';

import { z } from 'zod';
import { databases } from '@/db/process';
import { requirePerson } from '@/lib/auth/current';
import { runCommand } from '@/lib/commands/core/execute';
import { retryDueWork } from '@/lib/commands/due-work/retry';
import { CommandError } from '@/lib/schedule/errors';
import { actorOf } from '../_acts/actor';

/** Takes set-aside work up again. Null when it is due again, else why not. */
export async function retryWork(dueItemId: string): Promise<string | null> {
  const person = await requirePerson();
  const id = z.uuid().safeParse(dueItemId);
  if (!id.success) return 'This entry is not known. Reload the page.';
  try {
    await runCommand(databases(), retryDueWork, {
      organizationId: person.organizationId,
      actor: actorOf(person),
      input: { dueItemId: id.data },
    });
    return null;
  } catch (failure) {
    if (!(failure instanceof CommandError)) throw failure;
    return failure.message;
  }
}
