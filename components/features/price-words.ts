import { exponentOf } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import { formatQuantity, formatUnitPrice } from '@/lib/billing/money/format';
import { chargeModels, isChargeModel } from '@/lib/billing/pricing/registry';
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
  const ranges =
    properties.graduated_ranges ?? properties.volume_ranges ?? properties.graduated_percentage_ranges;
  if (!Array.isArray(ranges)) return [];
  return ranges.flatMap((range: unknown) => {
    if (typeof range !== 'object' || range === null) return [];
    const {
      from_value,
      to_value,
      per_unit_amount,
      rate: percent,
      flat_amount,
    } = range as Record<string, unknown>;
    const rate = decimal(per_unit_amount ?? percent);
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

const TENTH = Exact.of('0.1');
const THOUSAND = Exact.of('1000');
/** Below it even a thousand cost less than a cent: then the next scale is told. */
const HUNDREDTH_A_THOUSAND = Exact.of('0.00001');

/** A price under ten cents is told per 1,000, as the lines of a bill tell it. */
function unitPrice(rate: Exact, currency: string, unit: UnitWords): string {
  if (rate.lt(TENTH) && rate.gte(HUNDREDTH_A_THOUSAND)) {
    return `${formatUnitPrice(rate.mul(THOUSAND), currency)} per 1,000 ${unit.many}`;
  }
  const words = formatUnitPrice(rate, currency);
  return words.includes(' per ') ? `${words} ${unit.many}` : `${words} per ${unit.one}`;
}

function stepWords(
  tiers: readonly TierWords[],
  currency: string,
  unit: UnitWords,
  rateWords = (rate: Exact) => unitPrice(rate, currency, unit),
): string {
  const said = tiers.map((tier, index) => {
    const last = index === tiers.length - 1;
    const flat = tier.flat.isZero() ? '' : ` plus ${major(tier.flat, currency)}`;
    if (tier.rate.isZero() && index === 0 && tier.to) {
      return `First ${formatQuantity(tier.to)} ${unit.many} included${flat}`;
    }
    const price = `${tier.rate.isZero() ? 'nothing' : rateWords(tier.rate)}${flat}`;
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
    case 'graduated_percentage':
      return stepWords(tiersIn(properties), currency, unit, (rate) => `${formatQuantity(rate)}%`);
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
    case 'dynamic':
      return 'Priced by each event';
    default:
      return byFields(model, properties, currency);
  }
}

/** Any other model, by its name and its numbers. */
function byFields(name: string, properties: Record<string, unknown>, currency: string): string {
  if (!isChargeModel(name)) return 'Priced by each event';
  const { label, fields } = chargeModels[name];
  const said = fields.flatMap((field) => {
    const value = field.kind === 'steps' ? null : decimal(properties[field.name]);
    if (!value) return [];
    const words =
      field.kind === 'amount'
        ? major(value, currency)
        : field.kind === 'percent'
          ? `${formatQuantity(value)}%`
          : formatQuantity(value);
    return [`${field.label.toLowerCase()} ${words}`];
  });
  return said.length === 0 ? label : `${label}: ${said.join(', ')}`;
}
