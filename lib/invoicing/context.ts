import type { Tx } from '@/db/clients';
import type { PlanFacts } from '@/lib/billing/invoice/facts';

/**
 * Where reading facts and writing bills happens. Everything runs in the caller's transaction; `now` is the organisation's
 * clock.
 */
export interface BillingContext {
  tx: Tx;
  organizationId: string;
  /** Epoch milliseconds. */
  now: number;
  /** A preview runs the same code and is rolled back: it takes no number and tells nobody. */
  mode: 'apply' | 'preview';
  /** Minutes an act of class "held" waits before its invoice leaves; absent or 0 leaves at once. */
  holdMinutes?: number;
  /** Count only events ingested up to this sequence: what a preview saw is what applying it sees. */
  watermark?: bigint;
  /** In a forecast, usage after `from` is estimated from the `basisDays` before it. */
  projection?: { from: number; basisDays: number };
  /** Plans read already, by `planKey`: for work that changes no price. */
  plans?: Map<string, PlanFacts>;
}

/** Whether this is a forecast: everything it writes is rewound, so what only others would read is left out. */
export function isForecast({ projection }: BillingContext): boolean {
  return projection !== undefined;
}
