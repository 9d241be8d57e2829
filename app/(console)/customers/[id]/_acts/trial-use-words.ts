import { formatAmount } from '@/components/format-amount';
import { formatDay } from '@/components/format-date';
import type { ForecastBill, PreviewResult } from '@/lib/commands/preview/types';
import { billsInTrial } from '../../../_acts/bills';

const sumOf = (bill: ForecastBill, kinds: readonly ForecastBill['lines'][number]['kind'][]) =>
  bill.lines.reduce(
    (sum, { kind, amountMinor }) => (kinds.includes(kind) ? sum + BigInt(amountMinor) : sum),
    0n,
  );

/** "about $2.29 on Sun 15 Nov", with what pays for it where credits do. */
function billWords(bill: ForecastBill, currency: string, today: string): string {
  const about = bill.exact ? '' : 'about ';
  const total = BigInt(bill.totalMinor);
  const paid = -sumOf(bill, ['credit']);
  const day = formatDay(bill.date, today);
  if (paid === 0n) return `${about}${formatAmount(total, currency)} on ${day}`;
  const whole = formatAmount(total + paid, currency);
  return total === 0n
    ? `${about}${whole} on ${day}, which credits pay`
    : `${about}${whole} on ${day}, ${formatAmount(paid, currency)} of it from credits`;
}

/** Whether use is billed while the plan is free, when, and about how much. */
export function trialUseWords(meters: number, preview: PreviewResult | null, today: string): string {
  if (meters === 0) return 'Nothing is billed in the trial: the plan has no usage price.';
  if (!preview) return 'The plan itself is free in the trial. Use is billed as it comes.';
  const { currency } = preview.after;
  const bills = billsInTrial(preview.after);
  const [due, empty] = [
    bills.filter((bill) => sumOf(bill, ['use', 'other', 'plan']) !== 0n),
    bills.filter((bill) => sumOf(bill, ['use', 'other', 'plan']) === 0n),
  ];
  const opening = 'The plan itself is free in the trial.';
  if (due.length > 0) {
    return `${opening} Use is billed: ${due.map((bill) => billWords(bill, currency, today)).join('; ')}.`;
  }
  const days = empty.map(({ date }) => formatDay(date, today)).join(' and ');
  return empty.length > 0
    ? `${opening} Use is billed on ${days}: at the present pace what is included covers it, so that bill comes to ${formatAmount(0n, currency)}.`
    : `${opening} No bill comes before its end.`;
}
