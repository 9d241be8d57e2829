import { and, eq, gt, isNull, lte, or, sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { dueItems } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { CommandError, conflict } from '@/lib/schedule/errors';
import { requestApproval } from '../approvals/request';
import type { CommandContext } from '../core/command';
import { readInput } from '../core/input';
import { fingerprint, openAct, storeAnswer } from '../core/open-act';
import { assertRight } from '../core/rights';
import { type AnyCommand, findCommand } from '../registry';
import { customerOfAct } from './customer-of';
import { type Caller, previewCommand, refusal } from './preview';
import { rehearse } from './rehearse';
import { openToken, type Seal } from './token';
import { findTwin } from './twin';
import type { ApplyAnswer, ApplyRequest } from './types';

/** How long figures may be acted on. */
export const TOKEN_LIFE_MS = 10 * 60_000;

class Moved extends Error {}

/**
 * Does what was previewed, or refuses: runs the command again at the preview's instant over the same events and compares
 * the exact effects with what the token vouches for. A difference changes nothing and comes back as a new preview.
 */
export async function applyCommand(
  databases: Databases,
  request: ApplyRequest,
  caller: Caller,
): Promise<ApplyAnswer> {
  const command = findCommand(request.command);
  if (!command) return { ok: false, kind: 'not_found', message: 'There is no such act.' };
  const seal = openToken(request.token);
  if (!seal || !belongs(seal, request, caller)) {
    return moved(databases, request, caller, 'These figures belong to another page. Here are fresh ones.');
  }
  try {
    return await withTenant(databases, caller.organizationId, async (tx): Promise<ApplyAnswer> => {
      const key = request.idempotencyKey;
      const claim = { key, command: command.name, input: request.input };
      const { now, holdMinutes, stored } = await openAct(tx, caller.organizationId, caller.actor, claim);
      if (stored?.auditRowId) {
        return { ok: true, auditRowId: stored.auditRowId, title: (stored.result as { title: string }).title };
      }
      assertRight(caller.actor, command.right);
      const ctx: CommandContext = {
        tx,
        organizationId: caller.organizationId,
        now: seal.asOf,
        actor: caller.actor,
        mode: 'apply',
        holdMinutes,
        watermark: BigInt(seal.watermark),
      };
      if (now > seal.asOf + TOKEN_LIFE_MS) throw new Moved();
      if (await crossedBoundary(ctx, now, command, request.input)) throw new Moved();
      const rehearsal = await rehearse(ctx, command, request.input, {
        reasonCode: request.reasonCode,
        note: request.note,
        previewToken: request.token,
      });
      if (rehearsal.digest !== seal.digest || !rehearsal.auditRowId) throw new Moved();
      await assertTwinSeen(ctx, command.name, rehearsal.customerId, rehearsal.auditRowId, request);
      const answer = { title: rehearsal.outcome.title };
      await storeAnswer(tx, caller.organizationId, caller.actor, key, rehearsal.auditRowId, answer);
      return { ok: true, auditRowId: rehearsal.auditRowId, ...answer };
    });
  } catch (error) {
    if (error instanceof Moved) {
      return moved(databases, request, caller, 'Something moved since you looked. Nothing has been changed.');
    }
    if (!(error instanceof CommandError)) throw error;
    if (error.failure.kind === 'limit_exceeded') {
      return requestApproval(databases, caller, command, request, error.failure);
    }
    return refusal(error);
  }
}

function belongs(seal: Seal, request: ApplyRequest, { organizationId, actor }: Caller): boolean {
  return (
    seal.organizationId === organizationId &&
    seal.actorId === (actor.type === 'system' ? '' : actor.id) &&
    seal.command === request.command &&
    seal.input === fingerprint(request.input)
  );
}

async function moved(
  databases: Databases,
  request: ApplyRequest,
  caller: Caller,
  message: string,
): Promise<ApplyAnswer> {
  const answer = await previewCommand(databases, request.command, { ...caller, input: request.input });
  return answer.ok ? { ok: false, kind: 'moved', message, preview: answer.preview } : answer;
}

/**
 * A bill or another due thing fell between the preview and now: the figures may belong to another period. What an act about a
 * customer shows rests on that customer's alone; any other act on everybody's.
 */
export async function crossedBoundary(
  ctx: CommandContext,
  now: number,
  command: AnyCommand,
  input: unknown,
): Promise<boolean> {
  if (now <= ctx.now) return false;
  const customerId = await customerOfAct(ctx, command, readInput(command, input));
  const rows = await ctx.tx
    .select({ one: sql`1` })
    .from(dueItems)
    .where(
      and(
        eq(dueItems.organizationId, ctx.organizationId),
        gt(dueItems.dueAt, new Date(ctx.now)),
        lte(dueItems.dueAt, new Date(now)),
        or(eq(dueItems.kind, 'subscription.bill'), eq(dueItems.kind, 'subscription.trial_end')),
        isNull(dueItems.canceledAt),
        ...(customerId ? [or(eq(dueItems.customerId, customerId), isNull(dueItems.customerId))] : []),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** A colleague did the same within the hour: the person must have seen it and said so. */
async function assertTwinSeen(
  ctx: CommandContext,
  command: string,
  customerId: string | null,
  ownAuditRowId: string,
  request: ApplyRequest,
): Promise<void> {
  const twin = await findTwin(ctx, command, customerId, ownAuditRowId);
  if (!twin || twin.auditRowId === request.acknowledgedTwinId) return;
  conflict(
    'twin',
    `${twin.actorName} did this within the last hour: ${twin.title}. Tick that yours comes on top of it, or close this.`,
  );
}
