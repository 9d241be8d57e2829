/**
 * Exact rational numbers over bigint: the only arithmetic used for rates, quantities and unrounded amounts.
 * Values are immutable. Denominators are positive and reduced only when they grow, so sums of decimals stay cheap.
 */

type ExactInput = Exact | bigint | number | string;

const DECIMAL = /^-?\d+(\.\d+)?$/;
const FRACTION = /^(-?\d+)\/(\d+)$/;
const REDUCE_ABOVE = 1n << 96n;

/** Digits a decimal may be written with: far above any price or quantity, far below what costs seconds to read. */
const LONGEST_DECIMAL = 10_000;
/** Powers kept for next time; each is as long as its number, so that many of them would fill the memory. */
const POWERS_KEPT = 400;

const powersOfTen: bigint[] = [1n];

function tenTo(power: number): bigint {
  if (power > POWERS_KEPT) return 10n ** BigInt(power);
  for (let p = powersOfTen.length; p <= power; p++) powersOfTen.push(powersOfTen[p - 1]! * 10n);
  return powersOfTen[power]!;
}

function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b;
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

type IntegerDivision = (n: bigint, d: bigint) => bigint;

const truncDiv: IntegerDivision = (n, d) => n / d;
const floorDiv: IntegerDivision = (n, d) => (n >= 0n || n % d === 0n ? n / d : n / d - 1n);
const ceilDiv: IntegerDivision = (n, d) => (n <= 0n || n % d === 0n ? n / d : n / d + 1n);
/** Half away from zero (semantics 1.1.5). */
const roundDiv: IntegerDivision = (n, d) => (n >= 0n ? (2n * n + d) / (2n * d) : -((-2n * n + d) / (2n * d)));

export class Exact {
  static readonly ZERO = new Exact(0n, 1n);
  static readonly ONE = new Exact(1n, 1n);

  private constructor(
    private readonly n: bigint,
    private readonly d: bigint,
  ) {}

  /**
   * From a bigint, an integer `number`, a plain decimal string ("-12.34") or the canonical fraction of `toString`.
   * Throws RangeError on anything else: numbers with a fraction are refused because they are already inexact.
   */
  static of(value: ExactInput): Exact {
    if (value instanceof Exact) return value;
    if (typeof value === 'bigint') return new Exact(value, 1n);
    if (typeof value === 'number') {
      if (!Number.isSafeInteger(value)) throw new RangeError(`Not an exact integer: ${value}`);
      return new Exact(BigInt(value), 1n);
    }
    const parsed = Exact.parse(value);
    if (parsed) return parsed;
    const fraction = FRACTION.exec(value);
    if (fraction) return Exact.ratio(BigInt(fraction[1]!), BigInt(fraction[2]!));
    throw new RangeError(`Not a decimal number: ${value}`);
  }

  /** n / d. Throws RangeError when d is zero. */
  static ratio(n: bigint, d: bigint): Exact {
    if (d === 0n) throw new RangeError('Division by zero');
    return d < 0n ? Exact.make(-n, -d) : Exact.make(n, d);
  }

  /** Strict decimal input: optional minus, digits, optional dot and digits. Null when it is anything else or endless. */
  static parse(text: string): Exact | null {
    if (text.length > LONGEST_DECIMAL || !DECIMAL.test(text)) return null;
    const dot = text.indexOf('.');
    if (dot < 0) return new Exact(BigInt(text), 1n);
    let end = text.length;
    while (text.charCodeAt(end - 1) === 48) end--;
    if (end - 1 === dot) return new Exact(BigInt(text.slice(0, dot)), 1n);
    return new Exact(BigInt(text.slice(0, dot) + text.slice(dot + 1, end)), tenTo(end - dot - 1));
  }

  static sum(values: Iterable<Exact>): Exact {
    let total = Exact.ZERO;
    for (const value of values) total = total.add(value);
    return total;
  }

  private static make(n: bigint, d: bigint): Exact {
    if (d < REDUCE_ABOVE) return new Exact(n, d);
    const common = gcd(n, d);
    return common === 1n ? new Exact(n, d) : new Exact(n / common, d / common);
  }

  add(other: ExactInput): Exact {
    const o = Exact.of(other);
    if (this.d === o.d) return new Exact(this.n + o.n, this.d);
    if (this.d === 1n) return new Exact(this.n * o.d + o.n, o.d);
    if (o.d === 1n) return new Exact(this.n + o.n * this.d, this.d);
    if (this.d > o.d && this.d % o.d === 0n) return new Exact(this.n + o.n * (this.d / o.d), this.d);
    if (o.d > this.d && o.d % this.d === 0n) return new Exact(this.n * (o.d / this.d) + o.n, o.d);
    return Exact.make(this.n * o.d + o.n * this.d, this.d * o.d);
  }

  sub(other: ExactInput): Exact {
    return this.add(Exact.of(other).neg());
  }

  mul(other: ExactInput): Exact {
    const o = Exact.of(other);
    if (this.d === 1n && o.d === 1n) return new Exact(this.n * o.n, 1n);
    return Exact.make(this.n * o.n, this.d * o.d);
  }

  /** Throws RangeError when the divisor is zero. */
  div(other: ExactInput): Exact {
    const o = Exact.of(other);
    const n = this.n * o.d;
    const d = this.d * o.n;
    return d !== 0n && n % d === 0n ? new Exact(n / d, 1n) : Exact.ratio(n, d);
  }

  neg(): Exact {
    return new Exact(-this.n, this.d);
  }

  abs(): Exact {
    return this.n < 0n ? this.neg() : this;
  }

  cmp(other: ExactInput): -1 | 0 | 1 {
    const o = Exact.of(other);
    const left = this.d === o.d ? this.n : this.n * o.d;
    const right = this.d === o.d ? o.n : o.n * this.d;
    return left < right ? -1 : left > right ? 1 : 0;
  }

  eq(other: ExactInput): boolean {
    return this.cmp(other) === 0;
  }
  lt(other: ExactInput): boolean {
    return this.cmp(other) < 0;
  }
  lte(other: ExactInput): boolean {
    return this.cmp(other) <= 0;
  }
  gt(other: ExactInput): boolean {
    return this.cmp(other) > 0;
  }
  gte(other: ExactInput): boolean {
    return this.cmp(other) >= 0;
  }
  isZero(): boolean {
    return this.n === 0n;
  }
  isNegative(): boolean {
    return this.n < 0n;
  }
  isPositive(): boolean {
    return this.n > 0n;
  }
  isInteger(): boolean {
    return this.d === 1n || this.n % this.d === 0n;
  }

  min(other: ExactInput): Exact {
    const o = Exact.of(other);
    return this.lte(o) ? this : o;
  }

  max(other: ExactInput): Exact {
    const o = Exact.of(other);
    return this.gte(o) ? this : o;
  }

  /** This value times ten to the power (which may be negative). */
  pow10(power: number): Exact {
    if (power >= 0) return new Exact(this.n * tenTo(power), this.d);
    return Exact.make(this.n, this.d * tenTo(-power));
  }

  /** Half away from zero at `scale` decimals; a negative scale rounds to tens, hundreds… */
  round(scale = 0): Exact {
    return this.toScale(scale, roundDiv);
  }
  ceil(scale = 0): Exact {
    return this.toScale(scale, ceilDiv);
  }
  floor(scale = 0): Exact {
    return this.toScale(scale, floorDiv);
  }
  trunc(scale = 0): Exact {
    return this.toScale(scale, truncDiv);
  }

  private toScale(scale: number, divide: IntegerDivision): Exact {
    if (this.d === 1n && scale >= 0) return this;
    if (scale >= 0) return new Exact(divide(this.n * tenTo(scale), this.d), tenTo(scale));
    return new Exact(divide(this.n, this.d * tenTo(-scale)) * tenTo(-scale), 1n);
  }

  /** Throws RangeError unless the value is an integer. */
  toBigInt(): bigint {
    if (!this.isInteger()) throw new RangeError(`Not an integer: ${this.toString()}`);
    return this.n / this.d;
  }

  /** The nearest integer, half away from zero. */
  roundToBigInt(): bigint {
    return this.d === 1n ? this.n : roundDiv(this.n, this.d);
  }

  /**
   * Plain decimal notation, rounded half away from zero at `maxScale`, without trailing zeros.
   * With `minOne` there is always one decimal: "10.0", the wire's `dec` format.
   */
  toDecimalString(maxScale = 15, { minOne = false }: { minOne?: boolean } = {}): string {
    if (this.d === 1n) return minOne ? `${this.n}.0` : `${this.n}`;
    const scaled = roundDiv(this.n * tenTo(maxScale), this.d);
    const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(maxScale + 1, '0');
    const whole = digits.slice(0, digits.length - maxScale);
    const fraction = digits.slice(digits.length - maxScale).replace(/0+$/, '');
    const sign = scaled < 0n ? '-' : '';
    if (fraction === '') return minOne ? `${sign}${whole}.0` : `${sign}${whole}`;
    return `${sign}${whole}.${fraction}`;
  }

  /** Canonical: the exact decimal where it terminates, else the reduced fraction "1/3". `Exact.of` reads both. */
  toString(): string {
    const common = gcd(this.n, this.d);
    const n = this.n / common;
    const d = this.d / common;
    if (d === 1n) return n.toString();
    let rest = d;
    let twos = 0;
    let fives = 0;
    while (rest % 2n === 0n) {
      rest /= 2n;
      twos++;
    }
    while (rest % 5n === 0n) {
      rest /= 5n;
      fives++;
    }
    return rest === 1n ? this.toDecimalString(Math.max(twos, fives)) : `${n}/${d}`;
  }

  toJSON(): string {
    return this.toString();
  }
}
