import type { InvoiceRow } from '@/lib/queries/console/invoices';

/** A draft against the average of the last three bills, in words; odd at twice or half of it. */
export function usualWords({ totalMinor, usualMinor }: Pick<InvoiceRow, 'totalMinor' | 'usualMinor'>): {
  words: string;
  odd: boolean;
} {
  if (usualMinor === null) return { words: 'the first bill', odd: false };
  const [total, usual] = [BigInt(totalMinor), BigInt(usualMinor)];
  if (usual === 0n) return { words: total === 0n ? 'as usual' : 'usually nothing', odd: total > 0n };
  if (total === 0n) return { words: 'nothing, for once', odd: true };
  if (total >= usual * 2n) return { words: `${total / usual} times its usual`, odd: true };
  const percent = ((total - usual) * 100n) / usual;
  if (total * 2n <= usual) return { words: `${-percent}% less than usual`, odd: true };
  if (percent === 0n) return { words: 'as usual', odd: false };
  return { words: percent > 0n ? `${percent}% more` : `${-percent}% less`, odd: false };
}
