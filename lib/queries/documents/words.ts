import { formatAmount } from '@/lib/billing/money/amount-text';
import { zonePlace } from '@/lib/billing/periods/date-words';

/** "US dollars", "Japanese yen": what a currency is called where amounts stand in it. */
export function currencyName(currency: string): string {
  const parts = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    currencyDisplay: 'name',
  }).formatToParts(2);
  return parts.find(({ type }) => type === 'currency')?.value ?? currency;
}

const long = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** "Thursday 15 October 2026" of a day as ISO text. */
export function longDay(day: string): string {
  const parts = new Map(
    long.formatToParts(Date.parse(`${day}T00:00:00Z`)).map(({ type, value }) => [type, value]),
  );
  return ['weekday', 'day', 'month', 'year'].map((part) => parts.get(part as 'day')).join(' ');
}

/** "14 days", "On receipt". */
export function termsWords(days: number): string {
  if (days <= 0) return 'On receipt';
  return days === 1 ? '1 day' : `${days} days`;
}

/** How days are cut and amounts stand, at the foot of a document. */
export function basisWords(timezone: string, currency: string): string {
  const place = zonePlace(timezone);
  const zone = place === 'UTC' ? 'UTC' : `${place} time`;
  return `Days are counted in ${zone}, amounts in ${currencyName(currency)}.`;
}

export const money = (minor: string, currency: string): string => formatAmount(BigInt(minor), currency);
export const less = (minor: string, currency: string): string => formatAmount(-BigInt(minor), currency);
