/**
 * Fractions as pairs of whole numbers, written out by hand: the model that the engine is held against shares no
 * arithmetic with it. Slow and plain on purpose.
 */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

function divisor(a: bigint, b: bigint): bigint {
  return b === 0n ? (a < 0n ? -a : a) : divisor(b, a % b);
}

/** over ÷ under. Throws RangeError for a zero divisor. */
export function fraction(over: bigint | number, under: bigint | number = 1n): Fraction {
  const [n, d] = [BigInt(over), BigInt(under)];
  if (d === 0n) throw new RangeError('A fraction needs a divisor');
  const shared = divisor(n, d) * (d < 0n ? -1n : 1n);
  return { over: n / shared, under: d / shared };
}

export const NOTHING = fraction(0);

/** "-12.50" as a fraction; undefined for any other spelling. */
export function read(text: unknown): Fraction | undefined {
  if (typeof text !== 'string' || !/^-?[0-9]+(\.[0-9]+)?$/.test(text)) return undefined;
  const [whole, places = ''] = text.split('.') as [string, string?];
  return fraction(BigInt(whole + places), 10n ** BigInt(places.length));
}

/** As `read`; nothing where there is no number. */
export const readOr0 = (text: unknown): Fraction => read(text) ?? NOTHING;

export const plus = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.over * b.under + b.over * a.under, a.under * b.under);
export const minus = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.over * b.under - b.over * a.under, a.under * b.under);
export const times = (a: Fraction, b: Fraction): Fraction => fraction(a.over * b.over, a.under * b.under);
export const parts = (a: Fraction, count: bigint | number): Fraction =>
  fraction(a.over, a.under * BigInt(count));
export const total = (all: readonly Fraction[]): Fraction => all.reduce(plus, NOTHING);

export const above = (a: Fraction, b: Fraction): boolean => a.over * b.under > b.over * a.under;
export const same = (a: Fraction, b: Fraction): boolean => !above(a, b) && !above(b, a);
export const least = (a: Fraction, b: Fraction): Fraction => (above(a, b) ? b : a);
export const most = (a: Fraction, b: Fraction): Fraction => (above(a, b) ? a : b);

/** The greatest whole number not above it. */
export function floor({ over, under }: Fraction): bigint {
  const towardsZero = over / under;
  return over < 0n && over % under !== 0n ? towardsZero - 1n : towardsZero;
}

export const ceiling = (a: Fraction): bigint => -floor(times(a, fraction(-1)));

/** The nearest whole number, halves away from zero. */
export function nearest(a: Fraction): bigint {
  const half = fraction(1, 2);
  return a.over < 0n ? ceiling(minus(a, half)) : floor(plus(a, half));
}

function atPlaces(round: (value: Fraction) => bigint, value: Fraction, places: number): Fraction {
  const scale = fraction(10n ** BigInt(places));
  return fraction(round(times(value, scale)), scale.over);
}

export const nearestAt = (value: Fraction, places: number): Fraction => atPlaces(nearest, value, places);
export const ceilingAt = (value: Fraction, places: number): Fraction => atPlaces(ceiling, value, places);
