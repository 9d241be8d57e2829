/** The commands that console panels may preview and apply. */
export const PANEL_COMMANDS = [
  'subscriptions/start',
  'subscriptions/extend-trial',
  'subscriptions/change-plan',
  'subscriptions/cancel-plan-change',
  'subscriptions/end-trial',
  'subscriptions/pause',
  'subscriptions/resume',
  'credits/grant',
  'discounts/apply-discount',
  'plans/publish',
  'invoices/adjust-line',
  'invoices/restore-line',
  'invoices/void',
  'invoices/regenerate',
  'credit-notes/give-back',
] as const;
