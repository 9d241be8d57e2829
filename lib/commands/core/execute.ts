import type { Databases } from '@/db/clients';
import { insertionOf, writeTogether } from '@/db/insert-rows';
import { auditRows } from '@/db/schema';
import { type TransactionOptions, withTenant } from '@/db/tenancy';
import { CommandError } from '@/lib/schedule/errors';
import { type AuditDetails, auditRowOf } from './audit';
import type { Actor, Command, CommandContext, Outcome, Request } from './command';
import { readInput } from './input';
import { enforceLimit } from './limits';
import { keeping, openAct } from './open-act';
import { assertRight } from './rights';
import { runTogether, waitsFor } from './together';

/**
 * Runs a command's body with its checks, limit and audit row, inside the caller's transaction. With a key that was claimed the
 * result is kept as its answer.
 */
export async function perform<I, R>(
  context: CommandContext,
  command: Command<I, R>,
  input: unknown,
  details: AuditDetails = {},
  key?: string,
): Promise<{ outcome: Outcome<R>; auditRowId: string }> {
  assertRight(context.actor, command.right);
  const parsed = readInput(command, input);
  assertReason(context.actor, command, details);
  const outcome = await command.run(context, parsed);
  if (!details.approvalId) await enforceLimit(context, outcome);
  const { tx, organizationId, actor } = context;
  const row = auditRowOf(context, command, parsed, outcome, details);
  await writeTogether(tx, {
    audited: insertionOf(auditRows, [row]),
    ...(key && { kept: keeping(tx, organizationId, actor, key, row.id, outcome.result) }),
  });
  return { outcome, auditRowId: row.id };
}

function assertReason<I, R>(actor: Actor, command: Command<I, R>, details: AuditDetails): void {
  if (actor.type !== 'person' || command.reason !== 'required' || details.reasonCode) return;
  throw new CommandError({
    kind: 'invalid',
    fields: { reasonCode: ['value_is_mandatory'] },
    message: 'Choose a reason. It goes into the history with your name.',
  });
}

/**
 * The one way to do something: one transaction of the caller's organisation, on its clock, with rights, limits, audit row
 * and idempotency. Throws CommandError; nothing is kept when it throws. Acts of software that wait for the same thing may
 * share a transaction, each with its own outcome (see `together.ts`).
 */
export async function runCommand<I, R>(
  databases: Databases,
  command: Command<I, R>,
  request: Request<I>,
  options: TransactionOptions = {},
): Promise<R> {
  const { organizationId, actor, input, idempotencyKey: key } = request;
  const subject = waitsFor(command, request);
  if (subject !== null) return runTogether(databases, command, request, subject);
  return withTenant(
    databases,
    organizationId,
    async (tx) => {
      const claim = key ? { key, command: command.name, input } : null;
      const { now, holdMinutes, stored } = await openAct(tx, organizationId, actor, claim);
      if (stored) return stored.result as R;
      const context: CommandContext = { tx, organizationId, now, actor, mode: 'apply', holdMinutes };
      return (await perform(context, command, input, request, key)).outcome.result;
    },
    options,
  );
}
