import type { Databases } from '@/db/clients';
import { withTenant } from '@/db/tenancy';
import { CommandError } from '@/lib/schedule/errors';
import type { CommandContext } from '../core/command';
import { fingerprint, openAct, storeAnswer } from '../core/open-act';
import { assertRight } from '../core/rights';
import { findUndoable, type Undoable } from '../core/undo';
import { crossedBoundary, TOKEN_LIFE_MS } from './apply';
import { actContext, type Caller, describePreview, refusal } from './preview';
import { type Rehearsal, rehearse } from './rehearse';
import { openToken } from './token';
import type { ApplyAnswer, PreviewAnswer, PreviewResult } from './types';

/** The name an undo's preview goes by. What it runs is the inverse of the act it takes back. */
export const UNDO = 'undo';

class RolledBack extends Error {
  constructor(readonly preview: PreviewResult) {
    super('preview');
  }
}

class Moved extends Error {}

/** An undo gives nothing away and is not undone: the act can be done again. */
async function describeUndo(
  ctx: CommandContext,
  { row, inverse }: Undoable,
  rehearsal: Rehearsal,
): Promise<PreviewResult> {
  const preview = await describePreview(ctx, { ...inverse, name: UNDO }, { auditRowId: row.id }, rehearsal);
  return {
    ...preview,
    warnings: [],
    undo: { class: null, until: null, sentence: '' },
    undoes: {
      title: row.title,
      actorName: row.actorName,
      own: ctx.actor.type === 'person' && ctx.actor.id === row.actorId,
      reasonCode: row.reasonCode,
      note: row.note,
      at: row.occurredAt.getTime(),
      heldMinor: row.undoClass === 'held' ? chargedBy(row.after) : null,
    },
  };
}

function chargedBy(after: unknown): string | null {
  const charged = (after as { chargedMinor?: unknown } | null)?.chargedMinor;
  return typeof charged === 'string' ? charged : null;
}

/** What taking an act back would do, to the cent, without doing it. Never throws for expected failures. */
export async function previewUndo(
  databases: Databases,
  auditRowId: string,
  caller: Caller,
): Promise<PreviewAnswer> {
  try {
    return await withTenant(databases, caller.organizationId, async (tx): Promise<PreviewAnswer> => {
      const ctx = await actContext(tx, caller, 'preview');
      const undoable = await findUndoable(tx, caller.organizationId, auditRowId, ctx.now);
      assertRight(caller.actor, undoable.inverse.right);
      const rehearsal = await rehearse(ctx, undoable.inverse, undoable.input, null);
      throw new RolledBack(await describeUndo(ctx, undoable, rehearsal));
    });
  } catch (error) {
    if (error instanceof RolledBack) return { ok: true, preview: error.preview };
    if (error instanceof CommandError) return refusal(error);
    throw error;
  }
}

export interface UndoApplication {
  auditRowId: string;
  /** Of the preview that was shown. */
  token: string;
  note: string | null;
  /** Made once when the undo is asked for: pressing twice undoes once. */
  idempotencyKey: string;
}

/**
 * Takes an act back exactly as previewed, in one transaction, at most once. When something it read has changed, nothing is
 * done and fresh figures come back.
 */
export async function applyUndo(
  databases: Databases,
  request: UndoApplication,
  caller: Caller,
): Promise<ApplyAnswer> {
  const { auditRowId, token, note, idempotencyKey } = request;
  const { organizationId, actor } = caller;
  const seal = openToken(token);
  const known = { auditRowId };
  const isOurs =
    seal?.organizationId === organizationId &&
    seal.actorId === (actor.type === 'system' ? '' : actor.id) &&
    seal.command === UNDO &&
    seal.input === fingerprint(known);
  try {
    if (!seal || !isOurs) throw new Moved();
    return await withTenant(databases, organizationId, async (tx): Promise<ApplyAnswer> => {
      const claim = { key: idempotencyKey, command: UNDO, input: known };
      const { now, holdMinutes, stored } = await openAct(tx, organizationId, actor, claim);
      if (stored?.auditRowId) {
        return { ok: true, auditRowId: stored.auditRowId, title: (stored.result as { title: string }).title };
      }
      const { row, inverse, input } = await findUndoable(tx, organizationId, auditRowId, now);
      const ctx: CommandContext = {
        tx,
        organizationId,
        now: seal.asOf,
        actor,
        mode: 'apply',
        holdMinutes,
        watermark: BigInt(seal.watermark),
      };
      if (now > seal.asOf + TOKEN_LIFE_MS) throw new Moved();
      if (await crossedBoundary(ctx, now, inverse, input)) throw new Moved();
      const done = await rehearse(ctx, inverse, input, {
        reasonCode: 'undo',
        note: note ?? `Undo of: ${row.title}`,
        undoesId: auditRowId,
        previewToken: token,
      });
      if (done.digest !== seal.digest || !done.auditRowId) throw new Moved();
      const answer = { title: done.outcome.title };
      await storeAnswer(tx, organizationId, actor, idempotencyKey, done.auditRowId, answer);
      return { ok: true, auditRowId: done.auditRowId, ...answer };
    });
  } catch (error) {
    if (error instanceof Moved) {
      const answer = await previewUndo(databases, auditRowId, caller);
      const message = 'Something moved since you looked. Nothing has been changed.';
      return answer.ok ? { ok: false, kind: 'moved', message, preview: answer.preview } : answer;
    }
    if (error instanceof CommandError) return refusal(error);
    throw error;
  }
}
