import { Exact } from '../money/exact.ts';
import type { MetricFacts, UsageEvent } from './metric.ts';

const EXPONENT_FORM = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/;

/** A JSON number as its shortest decimal; JSON has no other spelling of it left. */
function ofNumber(value: number): Exact | null {
  if (!Number.isFinite(value)) return null;
  const text = String(value);
  const plain = Exact.parse(text);
  if (plain) return plain;
  const match = EXPONENT_FORM.exec(text);
  if (!match) return null;
  const [, sign, whole, fraction = '', power] = match;
  return Exact.of(BigInt(`${sign}${whole}${fraction}`)).pow10(Number(power) - fraction.length);
}

/**
 * The event's value for the metric's field, or null where it is absent or no plain number: optional minus, digits,
 * optional dot and digits. "1e3", "+5", ".5" and " 5" do not count (semantics 5.2).
 */
export function fieldValue(event: UsageEvent, metric: MetricFacts): Exact | null {
  const value = metric.fieldName ? event.properties[metric.fieldName] : undefined;
  if (typeof value === 'string') return Exact.parse(value);
  return typeof value === 'number' ? ofNumber(value) : null;
}
