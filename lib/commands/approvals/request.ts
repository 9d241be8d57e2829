import type { Databases } from '@/db/clients';
import { newId } from '@/db/ids';
import { approvalRequests } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import type { Failure } from '@/lib/schedule/errors';
import { plain } from '../core/audit';
import { claimKey } from '../core/execute';
import { actContext, type Caller } from '../preview/preview';
import { rehearse } from '../preview/rehearse';
import type { ApplyAnswer, ApplyRequest } from '../preview/types';
import type { AnyCommand } from '../registry';

const WAITS_MS = 72 * 3_600_000;

class Priced extends Error {
  constructor(
    readonly title: string,
    readonly customerId: string | null,
    readonly amountMinor: bigint | null,
    readonly currency: string | null,
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
      const { outcome, customerId } = await rehearse(ctx, command, input, null);
      throw new Priced(
        outcome.title,
        customerId,
        outcome.givenAway?.amountMinor ?? null,
        outcome.givenAway?.currency ?? null,
      );
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
    const ctx = await actContext(tx, caller, 'apply');
    const key = `approval:${request.idempotencyKey}`;
    const id = newId();
    const asked = await claimKey(tx, organizationId, actor, key, command.name, request.input, ctx.now);
    const to = failure.approver ?? 'a founder';
    const message = `Sent to ${to}. Nothing moves until they decide; they have 72 hours.`;
    if (asked) return { ok: false, kind: 'approval_requested', message, approvalId: id };
    await tx.insert(approvalRequests).values({
      organizationId,
      id,
      command: command.name,
      title: priced.title,
      input: plain(request.input),
      customerId: priced.customerId,
      amountMinor: priced.amountMinor,
      currency: priced.currency,
      reasonCode: request.reasonCode,
      note: request.note,
      overBy: failure.message,
      requestedBy: actor.id,
      requestedByName: actor.name,
      expiresAt: new Date(ctx.now + WAITS_MS),
      createdAt: new Date(ctx.now),
    });
    return { ok: false, kind: 'approval_requested', message, approvalId: id };
  });
}
