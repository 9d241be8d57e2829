import { DAY } from '../periods/zone.ts';

/** How overdue money is asked for again (semantics 13). Amounts are minor units of each threshold's currency. */
export interface DunningCampaign {
  maxAttempts: number;
  daysBetweenAttempts: number;
  /** One per currency. */
  thresholds: readonly { currency: string; amountMinor: bigint }[];
}

/** How far a campaign has come with one customer. One timer serves all currencies. */
export interface DunningState {
  /** Epoch milliseconds; null before the first attempt. */
  lastAttemptAt: number | null;
  /** Attempts made, by currency. */
  attempts: Readonly<Record<string, number>>;
}

export interface DunningStep {
  /** What to ask for now. */
  currencies: string[];
  attempts: Record<string, number>;
  /** Every currency that was ever asked for has used its attempts up. */
  finished: boolean;
}

/**
 * One run of a campaign at an instant: the currencies whose overdue balance (gross of partial payments) reaches their
 * threshold and that have attempts left. Null when nothing is asked for: the wait is not over, or nothing is due.
 */
export function dunningStep(
  campaign: DunningCampaign,
  state: DunningState,
  overdueMinor: Readonly<Record<string, bigint>>,
  now: number,
): DunningStep | null {
  if (state.lastAttemptAt !== null && now <= state.lastAttemptAt + campaign.daysBetweenAttempts * DAY) {
    return null;
  }
  const made = (currency: string): number => state.attempts[currency] ?? 0;
  const currencies = reached(campaign, overdueMinor).filter(
    (currency) => made(currency) < campaign.maxAttempts,
  );
  if (currencies.length === 0) return null;
  const attempts = { ...state.attempts };
  for (const currency of currencies) attempts[currency] = made(currency) + 1;
  const finished = Object.values(attempts).every((count) => count >= campaign.maxAttempts);
  return { currencies, attempts, finished };
}

/** The currencies whose overdue balance reaches their threshold. */
export function reached(
  { thresholds }: Pick<DunningCampaign, 'thresholds'>,
  overdueMinor: Readonly<Record<string, bigint>>,
): string[] {
  return thresholds
    .filter(({ currency, amountMinor }) => (overdueMinor[currency] ?? 0n) >= amountMinor)
    .map(({ currency }) => currency);
}

const HOUR = 3_600_000;
const MINUTE_45 = 2_700_000;

/** The first run after an instant (both epoch milliseconds): campaigns run at a quarter to every hour (semantics 16). */
export function nextDunningRun(after: number): number {
  return (Math.floor((after - MINUTE_45) / HOUR) + 1) * HOUR + MINUTE_45;
}
