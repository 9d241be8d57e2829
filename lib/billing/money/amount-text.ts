import { formatMoney } from './format.ts';

export interface AmountStyle {
  /** False: digits only, for a field that already shows the symbol. */
  symbol?: boolean;
  /** A plus before amounts above zero, for differences. */
  sign?: boolean;
}

const MINUS = '\u2212';
const tidy = (text: string) => text.replace(/-/g, MINUS).replace(/\u00a0/g, ' ');

/** The currency's sign as the console writes it: "$", "€", or the code where there is none. */
export function currencySymbol(currency: string): string {
  const parts = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).formatToParts(0);
  return parts.find((part) => part.type === 'currency')?.value ?? currency;
}

/** Minor units as text, with the currency's own decimals and the true minus sign. */
export function formatAmount(minor: bigint, currency: string, style: AmountStyle = {}): string {
  const text = tidy(formatMoney(minor, currency));
  const signed = style.sign && minor > 0n ? `+${text}` : text;
  return style.symbol === false ? signed.replace(/[^\d.,+\u2212]/g, '') : signed;
}
