import type { Databases } from '@/db/clients';
import { newId } from '@/db/ids';
import { approvalRequests } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import type { Failure } from '@/lib/schedule/errors';
import { plain } from '../core/audit';
import type { Outcome } from '../core/command';
import { openAct, storeAnswer } from '../core/open-act';
import { actContext, type Caller, describePreview } from '../preview/preview';
import { rehearse } from '../preview/rehearse';
import type { ApplyAnswer, ApplyRequest, PreviewResult } from '../preview/types';
import type { AnyCommand } from '../registry';

/** What a request was worked out to do when it was made; its token is nobody's to use. */
export type RequestFigures = Omit<PreviewResult, 'token'>;

const WAITS_MS = 72 * 3_600_000;

class Priced extends Error {
  constructor(
    readonly figures: RequestFigures,
    readonly customerId: string | null,
    readonly givenAway: Outcome<unknown>['givenAway'],
  ) {
    super('priced');
  }
}

/** Prices the act once more, rolled back, so that the request says what it asks for. */
async function priceOf(
  databases: Databases,
  caller: Caller,
  command: AnyCommand,
  input: unknown,
): Promise<Priced> {
  try {
    await withTenant(databases, caller.organizationId, async (tx) => {
      const ctx = await actContext(tx, caller, 'preview');
      const rehearsal = await rehearse(ctx, command, input, null);
      const { token: _, ...figures } = await describePreview(ctx, command, input, rehearsal);
      throw new Priced(figures, rehearsal.customerId, rehearsal.outcome.givenAway);
    });
  } catch (error) {
    if (error instanceof Priced) return error;
    throw error;
  }
  throw new Error('a rehearsal ended without its price');
}

/**
 * An act over its actor's limit becomes a request: nothing moves until somebody who may decide does, within 72 hours. The
 * same key asks once.
 */
export async function requestApproval(
  databases: Databases,
  caller: Caller,
  command: AnyCommand,
  request: ApplyRequest,
  failure: Extract<Failure, { kind: 'limit_exceeded' }>,
): Promise<ApplyAnswer> {
  const { actor, organizationId } = caller;
  if (actor.type !== 'person') return { ok: false, kind: 'limit_exceeded', message: failure.message };
  const priced = await priceOf(databases, caller, command, request.input);
  return withTenant(databases, organizationId, async (tx): Promise<ApplyAnswer> => {
    const key = `approval:${request.idempotencyKey}`;
    const id = newId();
    const claim = { key, command: command.name, input: request.input };
    const { now, stored: asked } = await openAct(tx, organizationId, actor, claim);
    const to = failure.approver ?? 'a founder';
    const message = `Sent to ${to}. Nothing moves until they decide; they have 72 hours.`;
    if (asked) {
      const { approvalId } = asked.result as { approvalId: string };
      return { ok: false, kind: 'approval_requested', message, approvalId };
    }
    await tx.insert(approvalRequests).values({
      organizationId,
      id,
      command: command.name,
      title: priced.figures.title,
      input: plain(request.input),
      customerId: priced.customerId,
      amountMinor: priced.givenAway?.amountMinor ?? null,
      currency: priced.givenAway?.currency ?? null,
      reasonCode: request.reasonCode,
      note: request.note,
      overBy: failure.message,
      figures: priced.figures,
      requestedBy: actor.id,
      requestedByName: actor.name,
      expiresAt: new Date(now + WAITS_MS),
      createdAt: new Date(now),
    });
    await storeAnswer(tx, organizationId, actor, key, null, { approvalId: id });
    return { ok: false, kind: 'approval_requested', message, approvalId: id };
  });
}
