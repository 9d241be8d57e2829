import { and, eq } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { auditRows } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { CommandError, conflict, notFound } from '@/lib/schedule/errors';
import { type AnyCommand, findCommand } from '../registry';
import type { Actor, CommandContext } from './command';
import { perform } from './execute';
import { openAct, storeAnswer } from './open-act';

export interface UndoRequest {
  organizationId: string;
  actor: Actor;
  reasonCode?: string | null;
  note?: string | null;
  idempotencyKey: string;
}

export type UndoAnswer =
  | { ok: true; auditRowId: string; title: string }
  | { ok: false; kind: string; message: string };

export interface Undoable {
  row: typeof auditRows.$inferSelect;
  inverse: AnyCommand;
  input: unknown;
}

/** An act that can still be taken back, with what takes it back. Throws not_found, and conflict with the reason. */
export async function findUndoable(
  tx: Tx,
  organizationId: string,
  auditRowId: string,
  now: number,
): Promise<Undoable> {
  const [row] = await tx
    .select()
    .from(auditRows)
    .where(and(eq(auditRows.organizationId, organizationId), eq(auditRows.id, auditRowId)));
  if (!row) return notFound('act');
  const inverse = row.inverse && findCommand(row.inverse.command);
  if (!row.inverse || !inverse) {
    return conflict('fix_forward', 'This cannot be undone. Make a correction instead.');
  }
  const [earlier] = await tx
    .select({ id: auditRows.id })
    .from(auditRows)
    .where(and(eq(auditRows.organizationId, organizationId), eq(auditRows.undoesId, auditRowId)));
  if (earlier) return conflict('already_undone', 'This has been undone already. Nothing was changed.');
  if (row.undoUntil && row.undoUntil.getTime() <= now) {
    return conflict('too_late', 'The time to undo this is over. Make a correction instead.');
  }
  return { row, inverse, input: row.inverse.input };
}

/**
 * Takes an act back by running its inverse, at most once (a unique index on the row it undoes). What has been used since
 * stays: the inverse takes back what is left and says so. Never throws for expected failures.
 */
export async function undoAct(
  databases: Databases,
  auditRowId: string,
  request: UndoRequest,
): Promise<UndoAnswer> {
  const { organizationId, actor, idempotencyKey } = request;
  try {
    return await withTenant(databases, organizationId, async (tx): Promise<UndoAnswer> => {
      const claim = { key: idempotencyKey, command: 'undo', input: { auditRowId } };
      const { now, holdMinutes, stored } = await openAct(tx, organizationId, actor, claim);
      if (stored?.auditRowId) {
        return { ok: true, auditRowId: stored.auditRowId, title: (stored.result as { title: string }).title };
      }
      const { row, inverse, input } = await findUndoable(tx, organizationId, auditRowId, now);
      const context: CommandContext = { tx, organizationId, now, actor, mode: 'apply', holdMinutes };
      const done = await perform(context, inverse, input, {
        reasonCode: request.reasonCode ?? row.reasonCode,
        note: request.note ?? `Undo of: ${row.title}`,
        undoesId: auditRowId,
      });
      const answer = { title: done.outcome.title };
      await storeAnswer(tx, organizationId, actor, idempotencyKey, done.auditRowId, answer);
      return { ok: true, auditRowId: done.auditRowId, ...answer };
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { ok: false, kind: error.failure.kind, message: error.message };
  }
}
