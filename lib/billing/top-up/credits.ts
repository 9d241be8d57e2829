import type { Exact } from '../money/exact.ts';
import { majorToMinorRounded, minorToMajor } from '../money/money.ts';

/** Balances in credits are kept with this many decimals. */
export const CREDIT_SCALE = 5;

/**
 * Credits as money and back: only whole minor units exist, so the credits are worked out again from the amount. Incoming
 * credits are cut at 5 decimals. An amount of 0 is to be refused (`amount_rounds_to_zero`; semantics 10.1).
 */
export function creditsToMoney(
  credits: Exact,
  rate: Exact,
  currency: string,
): { amountMinor: bigint; credits: Exact } {
  const amountMinor = majorToMinorRounded(credits.floor(CREDIT_SCALE).mul(rate), currency);
  return { amountMinor, credits: moneyToCredits(amountMinor, rate, currency) };
}

export function moneyToCredits(amountMinor: bigint, rate: Exact, currency: string): Exact {
  return minorToMajor(amountMinor, currency).div(rate).round(CREDIT_SCALE);
}
