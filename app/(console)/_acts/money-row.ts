import { formatAmount } from '@/components/format-amount';
import type { DeltaRow } from '@/components/panel/types';

export interface MoneyValue {
  minor: bigint;
  exact: boolean;
}

/** The word before an estimate. */
export const about = (exact: boolean) => (exact ? '' : 'about ');

/** An amount in words, with "about" before an estimate; "none" where there is no bill or line of it. */
export function words(value: MoneyValue | null, currency: string): string {
  return value === null ? 'none' : `${about(value.exact)}${formatAmount(value.minor, currency)}`;
}

/** An amount now and after, with its difference and the sign. */
export function moneyRow(
  label: string,
  now: MoneyValue | null,
  after: MoneyValue | null,
  currency: string,
): DeltaRow {
  const change = (after?.minor ?? 0n) - (now?.minor ?? 0n);
  const exact = (now?.exact ?? true) && (after?.exact ?? true);
  return {
    label,
    now: words(now, currency),
    after: words(after, currency),
    difference:
      change === 0n ? 'no change' : `${about(exact)}${formatAmount(change, currency, { sign: true })}`,
    changed: change !== 0n,
  };
}
