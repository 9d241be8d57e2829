/** The commands that console panels may preview and apply. */
export const PANEL_COMMANDS = [
  'subscriptions/extend-trial',
  'subscriptions/change-plan',
  'subscriptions/cancel-plan-change',
  'credits/grant',
  'discounts/apply-discount',
  'plans/publish',
] as const;
