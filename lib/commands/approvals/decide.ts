import { and, eq } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { approvalRequests } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { CommandError, conflict, notFound } from '@/lib/schedule/errors';
import type { Actor, CommandContext } from '../core/command';
import { fingerprint } from '../core/open-act';
import { assertRight } from '../core/rights';
import { crossedBoundary, TOKEN_LIFE_MS } from '../preview/apply';
import { actContext } from '../preview/preview';
import { rehearse } from '../preview/rehearse';
import { openToken } from '../preview/token';
import { type AnyCommand, findCommand } from '../registry';

export interface Decision {
  organizationId: string;
  actor: Actor;
  approvalId: string;
  decision: 'approve' | 'decline';
  /** Of the fresh figures the approver looked at; what they approve is exactly that. Not needed to decline. */
  token: string | null;
  note: string | null;
}

const MOVED = 'Something moved since you looked. Nothing was done; the figures below are fresh.';

type RequestRow = typeof approvalRequests.$inferSelect;

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
 * Does the act of a request at the instant of the figures the approver saw, and compares the exact effects. Throws
 * conflict when anything has moved since, so that nothing else than what was looked at is approved.
 */
async function doAsSeen(ctx: CommandContext, command: AnyCommand, row: RequestRow, token: string | null) {
  const seal = token === null ? null : openToken(token);
  const actorId = ctx.actor.type === 'system' ? '' : ctx.actor.id;
  const known =
    seal?.organizationId === ctx.organizationId &&
    seal.actorId === actorId &&
    seal.command === row.command &&
    seal.input === fingerprint(row.input);
  if (!known) return conflict('moved', MOVED);
  const seen: CommandContext = { ...ctx, now: seal.asOf, watermark: BigInt(seal.watermark) };
  if (ctx.now > seal.asOf + TOKEN_LIFE_MS) return conflict('moved', MOVED);
  if (await crossedBoundary(seen, ctx.now, command, row.input)) {
    return conflict('moved', MOVED);
  }
  const { reasonCode, note, id: approvalId } = row;
  const done = await rehearse(seen, command, row.input, {
    reasonCode,
    note,
    approvalId,
    previewToken: token ?? undefined,
  });
  if (done.digest !== seal.digest) return conflict('moved', MOVED);
  return done;
}

/**
 * Decides a request: approving does the act as the approver saw it, in the same transaction; declining keeps it from
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
      const done = approved ? await doAsSeen(ctx, command, row, decision.token) : null;
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
