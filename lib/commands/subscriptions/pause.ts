import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { subscriptions } from '@/db/schema';
import { formatMoney } from '@/lib/billing/money/format';
import { localDate } from '@/lib/billing/periods/zone';
import { regroupPaidFees } from '@/lib/invoicing/advance-charges';
import type { BillingContext } from '@/lib/invoicing/context';
import { issueTerminationCreditNote } from '@/lib/invoicing/credit-notes';
import { type BilledCustomer, lockCustomer } from '@/lib/invoicing/customers';
import { type IssuedInvoice, issueInvoice } from '@/lib/invoicing/issue';
import { loadBills, type SubscriptionRow } from '@/lib/invoicing/load-bill';
import { recordRevenue } from '@/lib/invoicing/revenue';
import { readInvoice } from '@/lib/invoicing/write-invoice';
import { conflict, invalid } from '@/lib/schedule/errors';
import { holdAnnouncements } from '@/lib/schedule/outbox';
import { type CommandContext, defineCommand, type Outcome } from '../core/command';
import { activateSubscription, billStart } from './activate';
import { copyAgreed } from './copy-agreed';
import { insertSuccessor } from './plan-change';
import {
  findByExternalId,
  findContinuation,
  findSuccessor,
  loadSubscription,
  planOf,
  readSubscription,
} from './read';
import { termsOf } from './settle-pending-changes';
import {
  cancelStarted,
  dropAnnouncements,
  reopen,
  takeBackHeld,
  tellAtOnce,
  voidTerminationNotes,
} from './take-back';
import { markTerminated } from './terminate';

/**
 * A pause is an end whose continuation comes later. The day of the pause is not paid, the day service resumes is, so that
 * a pause and its resumption together cost exactly the days served (the day counts of an upgrade, semantics 4.1, 4.4).
 * In arrears the running period is billed up to the pause with its usage; days paid in advance and not used come back as
 * a credit note. Nothing is billed, and no usage counts, until service resumes.
 */
const input = z.strictObject({
  subscriptionId: z.uuid(),
  /** What becomes of days paid in advance: credited, or kept. */
  unusedDays: z.enum(['credit', 'skip']).default('credit'),
});

interface Ended {
  subscriptionId: string;
  invoiceId: string | null;
}

/** Whether the subscription is paused and has not been resumed. */
async function isPaused(ctx: BillingContext, row: SubscriptionRow): Promise<boolean> {
  return row.status === 'terminated' && row.pausedAt !== null && !(await findContinuation(ctx, row));
}

/** Stops service and billing now. On screen: "Pause". */
export const pauseSubscription = defineCommand<z.output<typeof input>, Ended>({
  name: 'subscriptions/pause',
  input,
  right: 'plan.change',
  reason: 'required',
  undo: 'held',
  async run(ctx, { subscriptionId, unusedDays }) {
    await lockCustomer(ctx, (await readSubscription(ctx, subscriptionId)).customerId);
    const { subscription, billed, plan } = await loadSubscription(ctx, subscriptionId);
    if (subscription.status !== 'active') {
      invalid({ subscriptionId: ['not_active'] }, 'Only a running subscription can be paused.');
    }
    if (await findSuccessor(ctx, subscription.id)) {
      invalid(
        { subscriptionId: ['plan_change_pending'] },
        'A plan change waits for the next bill. Take it back first, then pause.',
      );
    }
    await holdWords(ctx);
    await markTerminated(ctx, subscription, 'upgraded');
    const ended = await markPaused(ctx, subscription.id);
    if (plan.payInAdvance && unusedDays === 'credit') {
      await issueTerminationCreditNote(ctx, {
        subscriptionId: ended.id,
        terminatedAt: ctx.now,
        upgrade: true,
        mode: 'credit',
      });
    }
    const invoice = await billPause(ctx, ended, billed, plan.currency);
    await regroupPaidFees(ctx, [ended]);
    await recordRevenue(ctx, ended.customerId, { cause: 'ended', sourceId: ended.id });
    return {
      ...(await outcomeOf(ctx, subscription, invoice, {
        command: 'subscriptions/undo-pause',
        input: { subscriptionId: ended.id, invoiceId: invoice.invoiceId },
      })),
      title: `Pause ${plan.name}`,
      before: { status: 'active' },
      after: { status: 'paused', pausedAt: ended.pausedAt },
    };
  },
});

async function markPaused(
  { tx, organizationId, now }: BillingContext,
  subscriptionId: string,
): Promise<SubscriptionRow> {
  const [row] = await tx
    .update(subscriptions)
    .set({ pausedAt: new Date(now) })
    .where(and(eq(subscriptions.organizationId, organizationId), eq(subscriptions.id, subscriptionId)))
    .returning();
  if (!row) throw new Error(`subscription ${subscriptionId} vanished inside its own transaction`);
  return row;
}

async function billPause(
  ctx: BillingContext,
  subscription: SubscriptionRow,
  billed: BilledCustomer,
  currency: string,
): Promise<IssuedInvoice> {
  return issueInvoice(ctx, {
    customerId: subscription.customerId,
    type: 'subscription',
    bills: await loadBills(ctx, billed, [{ subscription, situation: 'upgrading', billedAt: ctx.now }]),
    currency,
    billedAt: ctx.now,
    recurring: false,
    billingEntityId: subscription.billingEntityId,
    purchaseOrderNumber: subscription.purchaseOrderNumber,
  });
}

/** What the act tells the world waits as long as its invoice. */
async function holdWords({ tx, now, holdMinutes }: CommandContext): Promise<void> {
  if (holdMinutes > 0) await holdAnnouncements(tx, now + holdMinutes * 60_000);
}

/** What both acts answer: they can be taken back while their invoice is held. */
async function outcomeOf(
  ctx: CommandContext,
  subscription: SubscriptionRow,
  invoice: IssuedInvoice | null,
  inverse: { command: string; input: unknown },
): Promise<Omit<Outcome<Ended>, 'title'>> {
  const made = invoice ? await readInvoice(ctx, invoice.invoiceId) : null;
  const held = made?.status === 'draft' && made.releaseAt !== null;
  if (ctx.holdMinutes > 0) {
    await holdAnnouncements(ctx.tx, null);
    if (!held) await tellAtOnce(ctx, [subscription.id]);
  }
  return {
    result: { subscriptionId: subscription.id, invoiceId: made?.id ?? null },
    subject: { type: 'subscription', id: subscription.id },
    customerId: subscription.customerId,
    subscriptionId: subscription.id,
    inverse: held ? inverse : undefined,
    undo: held ? 'held' : 'fix_forward',
    undoUntil: held ? made.releaseAt?.getTime() : undefined,
  };
}

const undoPauseInput = z.strictObject({ subscriptionId: z.uuid(), invoiceId: z.uuid() });

/** Takes a pause back before its invoice leaves: service goes on as if it had never stopped. */
export const undoPause = defineCommand<z.infer<typeof undoPauseInput>, { subscriptionId: string }>({
  name: 'subscriptions/undo-pause',
  input: undoPauseInput,
  right: 'plan.change',
  reason: 'optional',
  undo: null,
  async run(ctx, { subscriptionId, invoiceId }) {
    await lockCustomer(ctx, (await readSubscription(ctx, subscriptionId)).customerId);
    const paused = await readSubscription(ctx, subscriptionId);
    if (!(await isPaused(ctx, paused)))
      return conflict('not_paused', 'It is not paused any more. Nothing was changed.');
    const invoice = await takeBackHeld(
      ctx,
      invoiceId,
      'The invoice has left. Resume the subscription instead.',
    );
    const notes = await voidTerminationNotes(ctx, subscriptionId, invoice.createdAt);
    const restored = await reopen(ctx, subscriptionId);
    await dropAnnouncements(ctx, [subscriptionId, ...notes], invoice.createdAt);
    await recordRevenue(ctx, restored.customerId, { cause: 'undone', sourceId: restored.id });
    return {
      result: { subscriptionId },
      title: 'Take the pause back',
      subject: { type: 'subscription', id: subscriptionId },
      customerId: restored.customerId,
      subscriptionId,
      before: { status: 'paused' },
      after: { status: 'active' },
    };
  },
});

const resumeInput = z.strictObject({ subscriptionId: z.uuid() });

/**
 * Takes paused service up again now, on the same plan, prices and anchor. A plan paid in advance bills the days left of
 * its period, today included. On screen: "Resume".
 */
export const resumeSubscription = defineCommand<z.infer<typeof resumeInput>, Ended>({
  name: 'subscriptions/resume',
  input: resumeInput,
  right: 'plan.change',
  reason: 'required',
  undo: 'held',
  async run(ctx, { subscriptionId }) {
    await lockCustomer(ctx, (await readSubscription(ctx, subscriptionId)).customerId);
    const { subscription: paused, billed } = await loadSubscription(ctx, subscriptionId);
    await assertResumable(ctx, paused, billed.timezone);
    await holdWords(ctx);
    const successor = await insertSuccessor(ctx, paused, await termsOf(ctx, paused));
    await copyAgreed(ctx, paused, successor);
    const trial = paused.trialEndsAt?.getTime() ?? 0;
    const started = await activateSubscription(ctx, successor, billed, {
      startedAt: ctx.now,
      firstInvoice: false,
      ...(trial > ctx.now ? { trialEndsAt: trial } : {}),
    });
    const plan = await planOf(ctx, started);
    const invoice = await billStart(ctx, started, plan, billed);
    const outcome = await outcomeOf(ctx, started, invoice, {
      command: 'subscriptions/undo-resume',
      input: { pausedId: paused.id, startedId: started.id, invoiceId: invoice?.invoiceId },
    });
    const total = invoice?.result.totalAmountMinor ?? 0n;
    return {
      ...outcome,
      title: `Resume ${plan.name}${total > 0n ? `, charge ${formatMoney(total, plan.currency)}` : ''}`,
      before: { status: 'paused', pausedAt: paused.pausedAt },
      after: { status: 'active', subscriptionId: started.id },
    };
  },
});

async function assertResumable(ctx: BillingContext, row: SubscriptionRow, timezone: string): Promise<void> {
  if (!(await isPaused(ctx, row))) {
    invalid({ subscriptionId: ['not_paused'] }, 'This subscription is not paused.');
  }
  const other = await findByExternalId(ctx, row.externalId, ['active', 'pending']);
  if (other) {
    invalid(
      { subscriptionId: ['value_already_exist'] },
      'Another subscription has taken this id since. End that one first, then resume.',
    );
  }
  if (row.endingAt && localDate(row.endingAt.getTime(), timezone) <= localDate(ctx.now, timezone)) {
    invalid(
      { subscriptionId: ['invalid_date'] },
      'Its agreed end has passed during the pause. Start a new subscription instead.',
    );
  }
}

const undoResumeInput = z.strictObject({ pausedId: z.uuid(), startedId: z.uuid(), invoiceId: z.uuid() });

/** Takes a resumption back before its invoice leaves: the subscription is paused as before. */
export const undoResume = defineCommand<z.infer<typeof undoResumeInput>, { subscriptionId: string }>({
  name: 'subscriptions/undo-resume',
  input: undoResumeInput,
  right: 'plan.change',
  reason: 'optional',
  undo: null,
  async run(ctx, { pausedId, startedId, invoiceId }) {
    const { customerId } = await readSubscription(ctx, pausedId);
    await lockCustomer(ctx, customerId);
    await cancelStarted(ctx, startedId);
    const invoice = await takeBackHeld(
      ctx,
      invoiceId,
      'The invoice has left. Pause the subscription instead.',
    );
    await dropAnnouncements(ctx, [startedId], invoice.createdAt);
    await recordRevenue(ctx, customerId, { cause: 'undone', sourceId: startedId });
    return {
      result: { subscriptionId: pausedId },
      title: 'Take the resumption back',
      subject: { type: 'subscription', id: pausedId },
      customerId,
      subscriptionId: pausedId,
      before: { subscriptionId: startedId, invoiceId },
      after: { status: 'paused', subscriptionId: pausedId },
    };
  },
});
