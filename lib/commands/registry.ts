import type { Command } from './core/command';
import { giveBack } from './credit-notes/give-back';
import { grantCreditsCommand } from './credits/grant';
import { voidGrant } from './credits/void-grant';
import { applyDiscount } from './discounts/apply-discount';
import { putBackDiscount, removeDiscount } from './discounts/remove';
import { adjustLine, restoreLine } from './invoices/adjust-line';
import { regenerateInvoice, undoRegenerate } from './invoices/regenerate';
import { voidInvoice } from './invoices/void';
import { changeLimit } from './limits/change';
import { publishPlan } from './plans/publish';
import { cancelPlanChange, changePlan, undoPlanChange } from './subscriptions/change-plan';
import { endTrial, undoEndTrial } from './subscriptions/end-trial';
import { pauseSubscription, resumeSubscription, undoPause, undoResume } from './subscriptions/pause';
import { startSubscription } from './subscriptions/start';
import { extendTrial, restoreTrial } from './subscriptions/trial';
import { undoStart } from './subscriptions/undo-start';

/** A command whose input is not known before it is looked up by name; its schema checks what it is given. */
export type AnyCommand = Command<unknown, unknown>;

function erased<I, R>(command: Command<I, R>): AnyCommand {
  return {
    ...command,
    input: command.input,
    invoiceOf: command.invoiceOf && ((input) => command.invoiceOf?.(input as I) ?? ''),
    run: (context, input) => command.run(context, input as I),
  };
}

const COMMANDS: Record<string, AnyCommand> = Object.fromEntries(
  [
    erased(startSubscription),
    erased(undoStart),
    erased(extendTrial),
    erased(restoreTrial),
    erased(changePlan),
    erased(cancelPlanChange),
    erased(undoPlanChange),
    erased(endTrial),
    erased(undoEndTrial),
    erased(pauseSubscription),
    erased(undoPause),
    erased(resumeSubscription),
    erased(undoResume),
    erased(grantCreditsCommand),
    erased(voidGrant),
    erased(applyDiscount),
    erased(removeDiscount),
    erased(putBackDiscount),
    erased(publishPlan),
    erased(adjustLine),
    erased(restoreLine),
    erased(voidInvoice),
    erased(regenerateInvoice),
    erased(undoRegenerate),
    erased(giveBack),
    erased(changeLimit),
  ].map((command) => [command.name, command]),
);

/** The console's commands by name, for previews, acts, approvals and undo. Null when there is none of that name. */
export function findCommand(name: string): AnyCommand | null {
  return COMMANDS[name] ?? null;
}
