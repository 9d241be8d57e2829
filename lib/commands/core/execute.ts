import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { idempotencyKeys, organizations } from '@/db/schema';
import { type TransactionOptions, withTenant } from '@/db/tenancy';
import { canonicalJson } from '@/lib/billing/invoice/canonical';
import { readClock } from '@/lib/schedule/clock';
import { CommandError, conflict } from '@/lib/schedule/errors';
import { type AuditDetails, plain, writeAudit } from './audit';
import type { Actor, Command, CommandContext, Outcome } from './command';
import { readInput } from './input';
import { enforceLimit } from './limits';
import { assertRight } from './rights';

export interface Request<I> {
  organizationId: string;
  actor: Actor;
  input: I;
  reasonCode?: string | null;
  note?: string | null;
  /** The same key gives the same answer; another input under it is refused. */
  idempotencyKey?: string;
  requestId?: string;
}

const DEFAULT_HOLD_MINUTES = 10;

/** Minutes this organisation holds acts that leave the house; only people's acts are held. */
export async function holdMinutesFor(tx: Tx, organizationId: string, actor: Actor): Promise<number> {
  if (actor.type !== 'person') return 0;
  const [row] = await tx
    .select({ settings: organizations.settings })
    .from(organizations)
    .where(eq(organizations.id, organizationId));
  return row?.settings.holdMinutes ?? DEFAULT_HOLD_MINUTES;
}

/** A short, stable fingerprint of any input. */
export function fingerprint(value: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(plain(value)))
    .digest('hex');
}

/**
 * Claims an idempotency key. Returns the stored answer when the key has already been used for this very input, null when
 * the act is to go ahead; throws conflict when the key was used for something else.
 */
export async function claimKey(
  tx: Tx,
  organizationId: string,
  actor: Actor,
  key: string,
  command: string,
  input: unknown,
  now: number,
): Promise<{ result: unknown; auditRowId: string | null } | null> {
  const actorId = actor.type === 'system' ? '00000000-0000-0000-0000-000000000000' : actor.id;
  const inputHash = fingerprint(input);
  const inserted = await tx
    .insert(idempotencyKeys)
    .values({ organizationId, key, actorId, command, inputHash, createdAt: new Date(now) })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key });
  if (inserted.length > 0) return null;
  const [stored] = await tx
    .select()
    .from(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.organizationId, organizationId),
        eq(idempotencyKeys.actorId, actorId),
        eq(idempotencyKeys.key, key),
      ),
    );
  if (!stored || stored.command !== command || stored.inputHash !== inputHash) {
    conflict('idempotency_key_reused', 'This key was used for another act. Send a new key with a new act.');
  }
  return { result: stored.result, auditRowId: stored.auditRowId };
}

/** Stores the answer under the key, in the act's own transaction. */
export async function storeAnswer(
  tx: Tx,
  organizationId: string,
  actor: Actor,
  key: string,
  auditRowId: string | null,
  result: unknown,
): Promise<void> {
  const actorId = actor.type === 'system' ? '00000000-0000-0000-0000-000000000000' : actor.id;
  await tx
    .update(idempotencyKeys)
    .set({ auditRowId, result: plain(result) })
    .where(
      and(
        eq(idempotencyKeys.organizationId, organizationId),
        eq(idempotencyKeys.actorId, actorId),
        eq(idempotencyKeys.key, key),
      ),
    );
}

/** Runs a command's body with its checks, limit and audit row, inside the caller's transaction. */
export async function perform<I, R>(
  context: CommandContext,
  command: Command<I, R>,
  input: unknown,
  details: AuditDetails = {},
): Promise<{ outcome: Outcome<R>; auditRowId: string }> {
  assertRight(context.actor, command.right);
  const parsed = readInput(command, input);
  assertReason(context.actor, command, details);
  const outcome = await command.run(context, parsed);
  if (!details.approvalId) await enforceLimit(context, outcome);
  const auditRowId = await writeAudit(
    context.tx,
    context.organizationId,
    context.now,
    context.actor,
    command,
    parsed,
    outcome,
    details,
  );
  return { outcome, auditRowId };
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
 * and idempotency. Throws CommandError; nothing is kept when it throws.
 */
export async function runCommand<I, R>(
  databases: Databases,
  command: Command<I, R>,
  request: Request<I>,
  options: TransactionOptions = {},
): Promise<R> {
  return withTenant(
    databases,
    request.organizationId,
    async (tx) => {
      const { organizationId, actor, input, idempotencyKey } = request;
      const { now } = await readClock(tx, organizationId);
      if (idempotencyKey) {
        const stored = await claimKey(tx, organizationId, actor, idempotencyKey, command.name, input, now);
        if (stored) return stored.result as R;
      }
      const holdMinutes = await holdMinutesFor(tx, organizationId, actor);
      const context: CommandContext = { tx, organizationId, now, actor, mode: 'apply', holdMinutes };
      const { outcome, auditRowId } = await perform(context, command, input, request);
      if (idempotencyKey) {
        await storeAnswer(tx, organizationId, actor, idempotencyKey, auditRowId, outcome.result);
      }
      return outcome.result;
    },
    options,
  );
}
