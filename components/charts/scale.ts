/**
 * From values to pixels. Charts draw with ordinary numbers: a pixel is never billed. Amounts enter as minor units and
 * leave as words somewhere else; only their height is computed here.
 */

export interface Axis {
  /** Lowest and highest value drawn. */
  from: number;
  to: number;
  /** Where gridlines lie, `from` and `to` included; at most six. */
  ticks: readonly number[];
}

const NICE = [1, 2, 2.5, 5, 10];

function niceStep(span: number, lines: number): number {
  const rough = span / lines;
  const power = 10 ** Math.floor(Math.log10(rough));
  return (NICE.find((n) => n * power >= rough - rough * 1e-9) ?? 10) * power;
}

function build(low: number, high: number, lines: number): Axis {
  const step = niceStep(high - low || 1, lines);
  const from = Math.floor(low / step + 1e-9) * step;
  const to = Math.max(from + step, Math.ceil(high / step - 1e-9) * step);
  const ticks: number[] = [];
  for (let tick = from; tick <= to + step / 2; tick += step) ticks.push(Math.round(tick * 1e6) / 1e6);
  return { from, to, ticks };
}

/** For bars: always from zero. */
export function axisFromZero(values: readonly number[], lines = 4): Axis {
  return build(Math.min(0, ...values), Math.max(0, ...values) || 1, lines);
}

/**
 * For totals that dwarf their movements: the axis starts near the lowest value and the bars of totals must show that
 * they are cut. Starts at zero when the movements are a fair part of the total.
 */
export function axisCut(values: readonly number[], lines = 4): Axis & { cut: boolean } {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = high - low || Math.abs(high) || 1;
  if (low <= 0 || low < span) return { ...axisFromZero(values, lines), cut: false };
  const axis = build(low - span * 0.3, high, lines);
  return { ...axis, cut: axis.from > 0 };
}

/** For lines: near the values, unless zero is close anyway. */
export function axisAround(values: readonly number[], lines = 4): Axis {
  const { cut: _cut, ...axis } = axisCut(values, lines);
  return axis;
}

/** The pixel of a value on an axis drawn upwards from `bottom` to `top`. */
export function toY(value: number, axis: Axis, top: number, bottom: number): number {
  return round(bottom - ((value - axis.from) / (axis.to - axis.from)) * (bottom - top));
}

/** The pixel of a value on an axis drawn from left to right. */
export function toX(value: number, from: number, to: number, left: number, right: number): number {
  return round(left + ((value - from) / (to - from || 1)) * (right - left));
}

/** Two decimals are plenty for a pixel and keep the page small. */
export const round = (pixel: number): number => Math.round(pixel * 100) / 100;

/** "48.2k", "1,000", "3.1M": for axes only, never for a figure somebody may rely on. */
export function shortNumber(value: number): string {
  const abs = Math.abs(value);
  const [scaled, suffix] = abs >= 1e6 ? [value / 1e6, 'M'] : abs >= 10_000 ? [value / 1e3, 'k'] : [value, ''];
  const text = scaled.toLocaleString('en-US', { maximumFractionDigits: suffix ? 1 : 2 });
  return `${text.replace('-', '\u2212')}${suffix}`;
}

/** An axis label in money: "$5k", "$48k". Takes major units, since it is only a label. */
export function shortMoney(major: number, symbol: string): string {
  if (major >= 1_000 && major < 10_000 && major % 100 === 0) return `${symbol}${major / 1_000}k`;
  return major < 0 ? `\u2212${symbol}${shortNumber(-major)}` : `${symbol}${shortNumber(major)}`;
}

/** Minor units as a drawable number of major units. */
export function drawable(minor: bigint | string, digits: number): number {
  return Number(BigInt(minor)) / 10 ** digits;
}
