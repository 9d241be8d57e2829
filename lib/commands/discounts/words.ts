import { formatMoney, formatQuantity } from '@/lib/billing/money/format';
import type { CouponTerms } from '../coupons/input.ts';

/** "20% off for 2 bills", "$50.00 off every bill", "$50.00 off, until used up". */
export function discountTitle(terms: CouponTerms): string {
  const what =
    terms.couponType === 'percentage'
      ? `${formatQuantity(terms.percentageRate ?? '0')}% off`
      : `${formatMoney(terms.amountMinor ?? 0n, terms.currency ?? 'USD')} off`;
  if (terms.frequency === 'forever') return `${what} every bill`;
  if (terms.frequency === 'once') {
    return terms.couponType === 'percentage' ? `${what} for 1 bill` : `${what}, until used up`;
  }
  const bills = terms.frequencyDuration ?? 1;
  return `${what} for ${bills} ${bills === 1 ? 'bill' : 'bills'}`;
}
