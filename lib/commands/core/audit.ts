import { newId } from '@/db/ids';
import type { auditRows } from '@/db/schema';
import type { Command, CommandContext, Outcome } from './command';

export interface AuditDetails {
  reasonCode?: string | null;
  note?: string | null;
  undoesId?: string | null;
  approvalId?: string | null;
  previewToken?: string | null;
  requestId?: string | null;
}

/** Plain JSON of any value: bigints as text, dates as ISO strings. */
export function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (_key, inner) => (typeof inner === 'bigint' ? inner.toString() : inner)),
  );
}

/** The audit row of one act. `now` is the organisation's clock. */
export function auditRowOf<I, R>(
  { organizationId, now, actor }: Pick<CommandContext, 'organizationId' | 'now' | 'actor'>,
  command: Command<I, R>,
  input: I,
  outcome: Outcome<R>,
  details: AuditDetails,
): typeof auditRows.$inferInsert & { id: string } {
  return {
    organizationId,
    id: newId(),
    command: command.name,
    title: outcome.title,
    actorType: actor.type,
    actorId: actor.type === 'system' ? null : actor.id,
    actorName: actor.name,
    roles: actor.type === 'person' ? actor.roles : [],
    customerId: outcome.customerId ?? null,
    subscriptionId: outcome.subscriptionId ?? null,
    subjectType: outcome.subject.type,
    subjectId: outcome.subject.id,
    input: plain(input),
    before: plain(outcome.before),
    after: plain(outcome.after),
    givenAwayMinor: outcome.givenAway?.amountMinor ?? null,
    currency: outcome.givenAway?.currency ?? outcome.limit?.currency ?? null,
    limitAct: outcome.limit?.act ?? null,
    limitQuantity: outcome.limit?.quantity ?? null,
    reasonCode: details.reasonCode ?? null,
    note: details.note ?? null,
    undoClass: outcome.undo ?? command.undo,
    undoUntil: outcome.undoUntil ? new Date(outcome.undoUntil) : null,
    inverse: outcome.inverse ? (plain(outcome.inverse) as { command: string; input: unknown }) : null,
    undoesId: details.undoesId ?? null,
    approvalId: details.approvalId ?? null,
    previewToken: details.previewToken ?? null,
    requestId: details.requestId ?? null,
    occurredAt: new Date(now),
    createdAt: new Date(now),
  };
}
