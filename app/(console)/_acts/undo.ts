'use server';

import { databases } from '@/db/process';
import { requirePerson } from '@/lib/auth/current';
import { undoAct } from '@/lib/commands/core/undo';
import type { ApplyAnswer } from '@/lib/commands/preview/types';
import { actorOf } from './actor';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Takes one act back. `key` is made by the button, so that pressing twice undoes once. */
export async function undoChange(auditRowId: string, key: string): Promise<ApplyAnswer> {
  const person = await requirePerson();
  if (!UUID.test(String(auditRowId)) || !UUID.test(String(key))) {
    return { ok: false, kind: 'invalid', message: 'This entry is not known. Reload the page.' };
  }
  return undoAct(databases(), auditRowId, {
    organizationId: person.organizationId,
    actor: actorOf(person),
    reasonCode: 'undo',
    idempotencyKey: key,
  });
}
