import { exponentOf } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import { formatQuantity, formatUnitPrice } from '@/lib/billing/money/format';
import { formatAmount } from '../format-amount';

/** "minute" and "minutes": what one unit of a meter is called in a sentence. */
export interface UnitWords {
  one: string;
  many: string;
}

export function unitWords(unitName: string | null, meterName: string): UnitWords {
  if (unitName) {
    const many = /[A-Z]{2}$|s$/.test(unitName) ? unitName : `${unitName}s`;
    return { one: unitName.replace(/s$/, ''), many };
  }
  const name = meterName.toLowerCase();
  return { one: `unit of ${name}`, many: name };
}

const BILL_PERIODS: Record<string, string> = {
  weekly: 'a week',
  monthly: 'a month',
  quarterly: 'a quarter',
  semiannual: 'every six months',
  yearly: 'a year',
};

/** "a month", "a year": how often a base price is charged. */
export const periodWords = (interval: string): string => BILL_PERIODS[interval] ?? interval;

function decimal(value: unknown): Exact | null {
  if (typeof value === 'number') return Number.isFinite(value) ? Exact.parse(String(value)) : null;
  return typeof value === 'string' ? Exact.parse(value.trim()) : null;
}

export interface TierWords {
  from: Exact;
  to: Exact | null;
  rate: Exact;
  flat: Exact;
}

/** The steps of a graduated or volume price; empty when the properties hold none. */
export function tiersIn(properties: Record<string, unknown>): TierWords[] {
  const ranges = properties.graduated_ranges ?? properties.volume_ranges;
  if (!Array.isArray(ranges)) return [];
  return ranges.flatMap((range: unknown) => {
    if (typeof range !== 'object' || range === null) return [];
    const { from_value, to_value, per_unit_amount, flat_amount } = range as Record<string, unknown>;
    const rate = decimal(per_unit_amount);
    if (!rate) return [];
    return [
      {
        from: decimal(from_value) ?? Exact.ZERO,
        to: decimal(to_value),
        rate,
        flat: decimal(flat_amount) ?? Exact.ZERO,
      },
    ];
  });
}

/** How many units cost nothing before the price begins; null when the first one is paid for. */
export function includedIn(model: string, properties: Record<string, unknown>): Exact | null {
  if (model === 'package') {
    const free = decimal(properties.free_units);
    return free?.isPositive() ? free : null;
  }
  const [first] = tiersIn(properties);
  return model === 'graduated' && first?.to && first.rate.isZero() && first.flat.isZero() ? first.to : null;
}

const major = (amount: Exact, currency: string) =>
  formatAmount(amount.pow10(exponentOf(currency)).roundToBigInt(), currency);

function unitPrice(rate: Exact, currency: string, unit: UnitWords): string {
  const words = formatUnitPrice(rate, currency);
  return words.includes(' per ') ? `${words} ${unit.many}` : `${words} per ${unit.one}`;
}

function stepWords(tiers: readonly TierWords[], currency: string, unit: UnitWords): string {
  const said = tiers.map((tier, index) => {
    const last = index === tiers.length - 1;
    const flat = tier.flat.isZero() ? '' : ` plus ${major(tier.flat, currency)}`;
    if (tier.rate.isZero() && index === 0 && tier.to) {
      return `First ${formatQuantity(tier.to)} ${unit.many} included${flat}`;
    }
    const price = `${tier.rate.isZero() ? 'nothing' : unitPrice(tier.rate, currency, unit)}${flat}`;
    const upTo = last || !tier.to ? '' : ` up to ${formatQuantity(tier.to)}`;
    return `${index === 0 ? price.charAt(0).toUpperCase() + price.slice(1) : `then ${price}`}${upTo}`;
  });
  return said.length === 0 ? 'No price yet' : said.join(', ');
}

/** A usage price read back in one sentence without its full stop: "First 2,500 minutes included, then $18.00 per 1,000 minutes". */
export function priceWords(
  model: string,
  properties: Record<string, unknown>,
  currency: string,
  unit: UnitWords,
): string {
  switch (model) {
    case 'standard': {
      const rate = decimal(properties.amount);
      return rate ? (rate.isZero() ? 'Free' : unitPrice(rate, currency, unit)) : 'No price yet';
    }
    case 'graduated':
      return stepWords(tiersIn(properties), currency, unit);
    case 'volume':
      return `All at the step reached: ${stepWords(tiersIn(properties), currency, unit).toLowerCase()}`;
    case 'package': {
      const [amount, size] = [decimal(properties.amount), decimal(properties.package_size)];
      const free = includedIn(model, properties);
      if (!amount || !size) return 'No price yet';
      const pack = `${major(amount, currency)} for each ${formatQuantity(size)} ${unit.many}`;
      return free ? `First ${formatQuantity(free)} included, then ${pack}` : pack;
    }
    case 'percentage': {
      const rate = decimal(properties.rate);
      const fixed = decimal(properties.fixed_amount);
      const each = fixed?.isPositive() ? ` plus ${major(fixed, currency)} each` : '';
      return rate ? `${formatQuantity(rate)}% of the amount${each}` : 'No price yet';
    }
    default:
      return 'Priced by each event';
  }
}
