import { exponentOf } from './currency.ts';
import { Exact } from './exact.ts';

/** Money and quantities as people read them. Decimal strings go straight into Intl, so no digit is lost. */

const MINUS = '\u2212';
const formatters = new Map<string, Intl.NumberFormat>();

function formatter(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.NumberFormat(locale, options);
    formatters.set(key, found);
  }
  return found;
}

function formatDecimal(decimal: string, locale: string, options: Intl.NumberFormatOptions): string {
  return formatter(locale, options)
    .format(decimal as Intl.StringNumericLiteral)
    .replace('-', MINUS);
}

export interface FormatMoneyOptions {
  locale?: string;
  /** "USD 1.00" instead of "$1.00". */
  showCode?: boolean;
}

/** Minor units in their currency's own number of decimals, with a true minus sign: "\u2212$12.50". */
export function formatMoney(
  amountMinor: bigint,
  currency: string,
  { locale = 'en-US', showCode = false }: FormatMoneyOptions = {},
): string {
  const exponent = exponentOf(currency);
  const decimal = Exact.of(amountMinor).pow10(-exponent).toDecimalString(exponent);
  return formatDecimal(decimal, locale, {
    style: 'currency',
    currency,
    currencyDisplay: showCode ? 'code' : 'symbol',
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  });
}

/** A quantity with grouping and only the decimals it has (at most 15). */
export function formatQuantity(
  quantity: Exact | string,
  { locale = 'en-US' }: { locale?: string } = {},
): string {
  return formatDecimal(Exact.of(quantity).toDecimalString(15), locale, { maximumFractionDigits: 15 });
}

const SCALES = [0, 3, 6, 9] as const;

/**
 * A price per unit in major units, up to 12 decimals. Prices under a hundredth are told per 1,000 (or million, …)
 * units, as people compare them: 0.00002 is "$0.02 per 1,000".
 */
export function formatUnitPrice(
  priceMajor: Exact | string,
  currency: string,
  { locale = 'en-US' }: { locale?: string } = {},
): string {
  const price = Exact.of(priceMajor);
  const readable = Exact.ratio(1n, 100n);
  const power = price.isZero() ? 0 : (SCALES.find((s) => price.abs().pow10(s).gte(readable)) ?? 9);
  const exponent = exponentOf(currency);
  const amount = formatDecimal(price.pow10(power).toDecimalString(12), locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: exponent,
    maximumFractionDigits: 12,
  });
  return power === 0 ? amount : `${amount} per ${formatQuantity(Exact.ONE.pow10(power), { locale })}`;
}
