import { and, eq } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { approvalRequests } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { CommandError, conflict, notFound } from '@/lib/schedule/errors';
import type { Actor } from '../core/command';
import { perform } from '../core/execute';
import { assertRight } from '../core/rights';
import { actContext } from '../preview/preview';
import { findCommand } from '../registry';

export interface Decision {
  organizationId: string;
  actor: Actor;
  approvalId: string;
  decision: 'approve' | 'decline';
  note: string | null;
}

export type DecisionAnswer = { ok: true; message: string } | { ok: false; kind: string; message: string };

/** The request, locked, if it still waits. Throws not_found or conflict with what became of it. */
async function lockWaiting(tx: Tx, { organizationId, approvalId }: Decision, now: number) {
  const [row] = await tx
    .select()
    .from(approvalRequests)
    .where(and(eq(approvalRequests.organizationId, organizationId), eq(approvalRequests.id, approvalId)))
    .for('update');
  if (!row) return notFound('request');
  if (row.status !== 'waiting') {
    return conflict(
      'decided',
      `${row.decidedByName ?? 'Somebody'} has decided this already. Nothing was changed.`,
    );
  }
  if (row.expiresAt.getTime() <= now) {
    return conflict('expired', 'This request is over 72 hours old and has ended. Ask for a new one.');
  }
  return row;
}

/**
 * Decides a request: approving does the act now, priced afresh, in the same transaction; declining keeps it from
 * happening. Nobody decides their own. Never throws for expected failures.
 */
export async function decideApproval(databases: Databases, decision: Decision): Promise<DecisionAnswer> {
  const { organizationId, actor, approvalId, note } = decision;
  try {
    return await withTenant(databases, organizationId, async (tx): Promise<DecisionAnswer> => {
      assertRight(actor, 'approvals.decide');
      const ctx = await actContext(tx, { organizationId, actor }, 'apply');
      const row = await lockWaiting(tx, decision, ctx.now);
      const actorId = actor.type === 'system' ? null : actor.id;
      if (row.requestedBy === actorId) {
        return conflict('own_request', 'Nobody decides their own request. Ask a colleague who may.');
      }
      const command = findCommand(row.command);
      if (!command) return notFound('act');
      const approved = decision.decision === 'approve';
      const done = approved
        ? await perform(ctx, command, row.input, {
            reasonCode: row.reasonCode,
            note: row.note,
            approvalId,
          })
        : null;
      await tx
        .update(approvalRequests)
        .set({
          status: approved ? 'approved' : 'declined',
          decidedBy: actorId,
          decidedByName: actor.name,
          decidedAt: new Date(ctx.now),
          decisionNote: note,
          auditRowId: done?.auditRowId ?? null,
        })
        .where(and(eq(approvalRequests.organizationId, organizationId), eq(approvalRequests.id, approvalId)));
      return { ok: true, message: done ? `Done: ${done.outcome.title}.` : 'Declined. Nothing was changed.' };
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { ok: false, kind: error.failure.kind, message: error.message };
  }
}
