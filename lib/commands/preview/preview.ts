import type { Databases, Tx } from '@/db/clients';
import { withTenant } from '@/db/tenancy';
import { CommandError } from '@/lib/schedule/errors';
import type { Actor, CommandContext } from '../core/command';
import { judgeLimit } from '../core/limits';
import { fingerprint, openAct } from '../core/open-act';
import { assertRight } from '../core/rights';
import { type AnyCommand, findCommand } from '../registry';
import { type Rehearsal, readWatermark, rehearse } from './rehearse';
import { sealToken } from './token';
import { findTwin } from './twin';
import type { Outlook, PreviewAnswer, PreviewResult } from './types';
import { warningsFor } from './warnings';

export interface Caller {
  organizationId: string;
  actor: Actor;
}

class RolledBack extends Error {
  constructor(readonly preview: PreviewResult) {
    super('preview');
  }
}

const NOBODY: Outlook = {
  currency: 'USD',
  timezone: 'UTC',
  plan: null,
  trial: null,
  pendingPlan: null,
  creditsMinor: '0',
  owesMinor: '0',
  discounts: [],
  nextBills: [],
};

/** The context an act or its preview runs in: the organisation's clock, the actor, the hold. */
export async function actContext(
  tx: Tx,
  { organizationId, actor }: Caller,
  mode: CommandContext['mode'],
): Promise<CommandContext> {
  const { now, holdMinutes } = await openAct(tx, organizationId, actor, null);
  const base: CommandContext = { tx, organizationId, now, actor, mode, holdMinutes };
  return { ...base, watermark: await readWatermark(base) };
}

/** Puts a rehearsal into the words of a preview, with its token. */
export async function describePreview(
  ctx: CommandContext,
  command: AnyCommand,
  input: unknown,
  rehearsal: Rehearsal,
): Promise<PreviewResult> {
  const { outcome, before, after, invoice } = rehearsal;
  const verdict = await judgeLimit(ctx, outcome);
  const actorId = ctx.actor.type === 'system' ? '' : ctx.actor.id;
  const undoClass = outcome.undo ?? command.undo;
  return {
    command: command.name,
    title: outcome.title,
    asOf: ctx.now,
    token: sealToken({
      actorId,
      organizationId: ctx.organizationId,
      command: command.name,
      input: fingerprint(input),
      asOf: ctx.now,
      watermark: (ctx.watermark ?? 0n).toString(),
      digest: rehearsal.digest,
    }),
    before: before ?? NOBODY,
    after: after ?? NOBODY,
    ...(before && after ? {} : { nobody: true as const }),
    ...(outcome.moves && { moves: outcome.moves }),
    ...(invoice && { invoice }),
    dueNow: rehearsal.dueNow,
    givenAwayMinor: (outcome.givenAway?.amountMinor ?? 0n).toString(),
    postponedMinor: rehearsal.postponedMinor.toString(),
    limit: { within: verdict.within, sentence: verdict.sentence, approver: verdict.approver },
    twin: null,
    warnings: before && after ? warningsFor(command.name, before, after) : [],
    undo: {
      class: undoClass,
      until: outcome.undoUntil ?? null,
      sentence: undoSentence(command.name, undoClass, ctx.holdMinutes),
    },
  };
}

/** What is left once the invoice of a held act has gone, where it is not a change back. */
const HELD_AFTERWARDS: Record<string, string> = {
  'invoices/regenerate': 'After that, the new invoice is cancelled like any other.',
  'subscriptions/start':
    'Until then it can be taken back whole. After that, the first invoice has left and the start stands.',
};

function undoSentence(name: string, undo: PreviewResult['undo']['class'], holdMinutes: number): string {
  if (undo === 'held') {
    const afterwards = HELD_AFTERWARDS[name] ?? 'After that, changing back gives unused days back as credit.';
    return `Held for ${holdMinutes} minutes. ${afterwards}`;
  }
  if (undo === 'reversible') return 'Can be undone. Puts everything back as it was.';
  if (undo === 'fix_forward') return 'Cannot be undone. A correction would be a new act.';
  return '';
}

/** A failure as an answer: what is wrong, and for which field. */
export function refusal(error: CommandError): {
  ok: false;
  kind: string;
  message: string;
  fields: Record<string, string[]>;
} {
  const { failure } = error;
  const fields = failure.kind === 'invalid' ? failure.fields : {};
  return { ok: false, kind: failure.kind, message: messageOf(error), fields };
}

function messageOf({ failure, message }: CommandError): string {
  if (failure.kind === 'not_found')
    return `This ${failure.resource} does not exist any more. Nothing was changed.`;
  if (failure.kind === 'invalid' && !failure.message) {
    const first = Object.values(failure.fields)[0]?.[0];
    return first ?? message;
  }
  return message;
}

/**
 * What an act would do, to the cent: the command itself, run with everything it makes due, then rolled back. Never throws
 * for expected failures.
 */
export async function previewCommand(
  databases: Databases,
  name: string,
  { organizationId, actor, input }: Caller & { input: unknown },
): Promise<PreviewAnswer> {
  const command = findCommand(name);
  if (!command) return { ok: false, kind: 'not_found', message: 'There is no such act.', fields: {} };
  try {
    await withTenant(databases, organizationId, async (tx) => {
      assertRight(actor, command.right);
      const ctx = await actContext(tx, { organizationId, actor }, 'preview');
      const rehearsal = await rehearse(ctx, command, input, null);
      const preview = await describePreview(ctx, command, input, rehearsal);
      const twin = await findTwin(ctx, command.name, rehearsal.customerId);
      throw new RolledBack({ ...preview, twin });
    });
  } catch (error) {
    if (error instanceof RolledBack) return { ok: true, preview: error.preview };
    if (error instanceof CommandError) return refusal(error);
    throw error;
  }
  return {
    ok: false,
    kind: 'failed',
    message: 'The figures could not be worked out. Nothing was changed.',
    fields: {},
  };
}
