import { sql } from 'drizzle-orm';
import type { AuditDetails } from '../core/audit';
import type { CommandContext, Outcome } from '../core/command';
import { perform } from '../core/execute';
import { readInput } from '../core/input';
import type { AnyCommand } from '../registry';
import { customerOfAct } from './customer-of';
import { digestOf, knownInvoices, madeNow, postponed } from './effects';
import { runDueNow } from './forecast';
import { figuresOf } from './invoice-figures';
import { outlook } from './outlook';
import type { Outlook, PreviewResult } from './types';

export interface Rehearsal {
  outcome: Outcome<unknown>;
  auditRowId: string | null;
  customerId: string | null;
  before: Outlook | null;
  after: Outlook | null;
  /** The invoice it is about, before and after. */
  invoice: PreviewResult['invoice'];
  dueNow: PreviewResult['dueNow'];
  digest: string;
  postponedMinor: bigint;
}

/**
 * Runs a command together with everything it makes due at this instant, reading the customer's situation before and
 * after. A preview rolls the transaction back; applying does the very same and commits, so the two cannot differ.
 */
export async function rehearse(
  outer: CommandContext,
  command: AnyCommand,
  input: unknown,
  details: AuditDetails | null,
): Promise<Rehearsal> {
  const ctx: CommandContext = { ...outer, usageRead: new Map() };
  const parsed = readInput(command, input);
  const invoiceId = command.invoiceOf?.(parsed);
  const customerId = await customerOfAct(ctx, command, parsed);
  const billBefore = invoiceId ? await figuresOf(ctx, invoiceId) : null;
  const before = customerId ? await outlook(ctx, customerId) : null;
  const known = customerId ? await knownInvoices(ctx, customerId) : new Set<string>();
  const done = details
    ? await perform(ctx, command, parsed, details)
    : { outcome: await command.run(ctx, parsed), auditRowId: null };
  if (customerId) await runDueNow(ctx, customerId);
  const timezone = before?.timezone ?? 'UTC';
  const dueNow = customerId
    ? await madeNow(ctx, customerId, timezone, known)
    : { totalMinor: '0', lines: [] };
  const after = customerId ? await outlook(ctx, customerId) : null;
  const billAfter = invoiceId ? await figuresOf(ctx, invoiceId) : null;
  const invoice = billBefore && billAfter ? { before: billBefore, after: billAfter } : undefined;
  return {
    outcome: done.outcome,
    auditRowId: done.auditRowId,
    customerId,
    before,
    after,
    invoice,
    dueNow,
    digest: digestOf(done.outcome, { dueNow, before, after, invoice }),
    postponedMinor: before && after ? postponed(before, after) : 0n,
  };
}

/** The last event sequence of the organisation: what a preview counts and no more. */
export async function readWatermark({ tx, organizationId }: CommandContext): Promise<bigint> {
  const rows = await tx.execute<{ seq: string }>(
    sql`select coalesce(max("sequence"), 0)::text as seq from events where organization_id = ${organizationId}`,
  );
  return BigInt(rows[0]?.seq ?? '0');
}
