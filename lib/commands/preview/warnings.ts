import type { Outlook, PreviewResult } from './types';

type Warning = PreviewResult['warnings'][number];

/** Where two things stack badly: said before the act, not after (operator dashboard 3.3, rule 9). */
export function warningsFor(command: string, before: Outlook, after: Outlook): Warning[] {
  const warnings: Warning[] = [];
  if (command === 'discounts/apply-discount' && before.discounts.length > 0) {
    const names = before.discounts.map((discount) => discount.title).join(' and ');
    warnings.push({ code: 'discount_stacks', text: `They already have ${names}. This comes on top of it.` });
  }
  if (command === 'subscriptions/change-plan' && before.trial && !after.trial) {
    warnings.push({ code: 'trial_ends', text: 'This ends their free trial.' });
  }
  if (command === 'subscriptions/extend-trial' && before.pendingPlan) {
    warnings.push({
      code: 'plan_change_waits',
      text: `A change to ${before.pendingPlan.name} waits for the next bill and moves with it.`,
    });
  }
  return warnings;
}
