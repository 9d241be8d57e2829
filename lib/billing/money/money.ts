import { exponentOf } from './currency.ts';
import { Exact } from './exact.ts';

/** Charge-model output (major units) as a fee amount: rounded once, half away from zero (semantics 1.1.3). */
export function majorToMinorRounded(amountMajor: Exact, currency: string): bigint {
  return amountMajor.pow10(exponentOf(currency)).roundToBigInt();
}

/** Unrounded minor units (`precise_amount_cents` before its column scale). */
export function majorToMinorExact(amountMajor: Exact, currency: string): Exact {
  return amountMajor.pow10(exponentOf(currency));
}

export function minorToMajor(amountMinor: bigint, currency: string): Exact {
  return Exact.of(amountMinor).pow10(-exponentOf(currency));
}

/**
 * Splits `total` in proportion to non-negative weights by largest remainder; ties go to the earlier entry.
 * The parts always sum to `total`. With no positive weight everything goes to the first entry.
 */
export function allocate(total: bigint, weights: readonly Exact[] | readonly bigint[]): bigint[] {
  if (weights.length === 0) return [];
  const shares = weights.map((weight) => Exact.of(weight));
  if (shares.some((share) => share.isNegative())) throw new RangeError('Weights must not be negative');
  const sum = Exact.sum(shares);
  if (sum.isZero()) return shares.map((_, i) => (i === 0 ? total : 0n));

  const sign = total < 0n ? -1n : 1n;
  const magnitude = total * sign;
  const ideal = shares.map((share) => share.mul(magnitude).div(sum));
  const parts = ideal.map((value) => value.floor().toBigInt());
  let left = magnitude - parts.reduce((a, b) => a + b, 0n);
  const byRemainder = ideal
    .map((value, i) => ({ i, remainder: value.sub(parts[i]!) }))
    .sort((a, b) => b.remainder.cmp(a.remainder) || a.i - b.i);
  for (const { i } of byRemainder) {
    if (left === 0n) break;
    parts[i] = parts[i]! + 1n;
    left--;
  }
  return parts.map((part) => part * sign);
}

export function sumMinor(amounts: Iterable<bigint>): bigint {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}
