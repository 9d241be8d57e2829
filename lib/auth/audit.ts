import type { Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { auditRows } from '@/db/schema';
import type { Person } from './person.ts';

export interface TeamAct {
  /** `team/verb`, as commands are named. */
  command: string;
  /** What was done, in words. */
  title: string;
  subject: { type: 'member' | 'invitation' | 'api_key'; id: string };
  input: unknown;
  before?: unknown;
  after?: unknown;
}

/** Leaves the stub of an act on the team. In the act's own transaction. `now` is epoch milliseconds. */
export async function recordTeamAct(tx: Tx, person: Person, act: TeamAct, now: number): Promise<void> {
  await tx.insert(auditRows).values({
    organizationId: person.organizationId,
    id: newId(),
    command: act.command,
    title: act.title,
    actorType: 'person',
    actorId: person.userId,
    actorName: person.name,
    roles: person.roles,
    subjectType: act.subject.type,
    subjectId: act.subject.id,
    input: act.input,
    before: act.before ?? null,
    after: act.after ?? null,
    occurredAt: new Date(now),
    createdAt: new Date(now),
  });
}
