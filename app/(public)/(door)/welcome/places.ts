import { currencyCodes } from '@/lib/billing/money/currency';
import { isCountry } from '@/lib/commands/customers/input';

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Countries by name, with their two letters. */
export function countryOptions(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const named = LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
    .filter(isCountry)
    .map((value) => ({ value, label: names.of(value) ?? value }));
  return named.sort((left, right) => left.label.localeCompare(right.label, 'en'));
}

/** Currencies with their names; the most used ones first. */
export function currencyOptions(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(['en'], { type: 'currency', fallback: 'code' });
  const first = ['USD', 'EUR', 'GBP'];
  const rest = currencyCodes.filter((code) => !first.includes(code));
  return [...first, ...rest].map((value) => ({ value, label: `${value} · ${names.of(value) ?? value}` }));
}

/** IANA zones this server knows. */
export function timezoneOptions(): { value: string; label: string }[] {
  const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);
  return [...zones].map((value) => ({ value, label: value.replaceAll('_', ' ') }));
}
