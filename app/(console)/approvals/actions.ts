'use server';

import { z } from 'zod';
import { databases } from '@/db/process';
import { requirePerson } from '@/lib/auth/current';
import { type DecisionAnswer, decideApproval } from '@/lib/commands/approvals/decide';
import { actorOf } from '../_acts/actor';

const decision = z.strictObject({
  approvalId: z.uuid(),
  decision: z.enum(['approve', 'decline']),
  token: z.string().max(4000).nullable(),
  note: z.string().max(280).nullable(),
});

/** Decides a request over somebody's limit. Who may decide is checked by the command. */
export async function decide(asked: unknown): Promise<DecisionAnswer> {
  const person = await requirePerson();
  const read = decision.safeParse(asked);
  if (!read.success)
    return { ok: false, kind: 'invalid', message: 'This request is not known. Reload the page.' };
  return decideApproval(databases(), {
    ...read.data,
    organizationId: person.organizationId,
    actor: actorOf(person),
  });
}
