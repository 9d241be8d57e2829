import { exponentOf } from '../money/currency.ts';
import { Exact } from '../money/exact.ts';
import { formatQuantity, formatUnitPrice } from '../money/format.ts';
import { dateParts, localDate } from '../periods/zone.ts';

export interface Reader {
  currency: string;
  timezone: string;
  locale: string;
  customerName: string;
  /** What people call the zone; else its city. */
  zoneName?: string;
}

const THOUSAND = 1000;

/** An amount in major units with the decimals it has, at least the currency's own. */
export function amountText(major: Exact | string, { currency, locale }: Reader): string {
  const exponent = exponentOf(currency);
  const text = Exact.of(major).toDecimalString(6) as Intl.StringNumericLiteral;
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: exponent,
    maximumFractionDigits: Math.max(6, exponent),
  })
    .format(text)
    .replace('-', '\u2212');
}

/** "$12.00 each", or "$20.00 per 1,000" where single units cost little and there are many. */
export function priceText(rate: Exact, units: Exact, reader: Reader): string {
  const perThousand = rate.mul(THOUSAND);
  const small = rate.isPositive() && rate.lt(Exact.of('0.1')) && units.abs().gte(THOUSAND);
  if (small && perThousand.gte(Exact.of('0.01'))) {
    return `${amountText(perThousand, reader)} per ${quantityText(THOUSAND, reader)}`;
  }
  const text = formatUnitPrice(rate, reader.currency, reader);
  return text.includes(' per ') ? text : `${text} each`;
}

export const quantityText = (value: Exact | string | number, { locale }: Reader): string =>
  formatQuantity(Exact.of(value), { locale });

export const percentText = (rate: string, reader: Reader): string => `${quantityText(rate, reader)}%`;

/** "Los Angeles time", "UTC". */
export function zoneText({ timezone, zoneName }: Reader): string {
  if (zoneName) return `${zoneName} time`;
  const city = timezone.split('/').at(-1)?.replaceAll('_', ' ') ?? timezone;
  return timezone.includes('/') ? `${city} time` : timezone;
}

function monthName(date: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' }).format(
    Date.parse(`${date}T00:00:00Z`),
  );
}

/** "from 1 to 30 September", "from 20 December 2025 to 19 January 2026", "on 5 September". */
export function periodText(period: { from: number; to: number }, { timezone, locale }: Reader): string {
  const first = localDate(period.from, timezone);
  const last = localDate(period.to, timezone);
  const [from, to] = [dateParts(first), dateParts(last)];
  const years = from.year === to.year ? ['', ''] : [` ${from.year}`, ` ${to.year}`];
  const end = `${to.day} ${monthName(last, locale)}${years[1]}`;
  if (first === last) return `on ${end}`;
  const sameMonth = from.year === to.year && from.month === to.month;
  const begin = sameMonth ? `${from.day}` : `${from.day} ${monthName(first, locale)}${years[0]}`;
  return `from ${begin} to ${end}`;
}

/** "14,260 minutes", "1 minute", "86 GB", "3 units of Storage". */
export function countText(
  units: Exact,
  unitName: string | null,
  metricName: string | null,
  reader: Reader,
): string {
  const quantity = quantityText(units, reader);
  if (unitName) return `${quantity} ${units.eq(1) ? unitName : plural(unitName)}`;
  const word = units.eq(1) ? 'unit' : 'units';
  return metricName ? `${quantity} ${word} of ${metricName}` : `${quantity} ${word}`;
}

/** English plurals of what operators call a unit; symbols such as GB and words that are plurals already stay. */
function plural(word: string): string {
  if (!/[a-z]$/.test(word) || word.endsWith('s')) return word;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

export const isFree = (rate: string | undefined): boolean => rate === undefined || Exact.of(rate).isZero();
