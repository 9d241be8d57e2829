import type { FontName } from './fonts.ts';

/** The look of paper: the console's light tokens, in points on A4. */

export const PAGE = { width: 595.28, height: 841.89 };
/** Left and right edge of what is set. */
export const LEFT = 60;
export const RIGHT = PAGE.width - 60;
/** Where the first line of a page stands, the last row may end and the foot is set. */
export const TOP = 62;
export const BOTTOM = 778;
export const FOOT = 812;

const TEXT = '#151a22';
const TEXT_2 = '#4b525b';
const TEXT_3 = '#666c75';
export const RULES = { hair: '#eaecee', line: '#dde0e4', strong: TEXT, dots: '#9399a1' };

export interface Style {
  font: FontName;
  size: number;
  color: string;
  /** Between characters, as a share of the size. */
  tracking?: number;
  /** Figures of equal width. */
  tabular?: boolean;
}

const style = (font: FontName, size: number, color: string, more: Partial<Style> = {}): Style => ({
  font,
  size,
  color,
  ...more,
});

export const STYLES = {
  seller: style('semibold', 14.5, TEXT, { tracking: -0.02 }),
  kind: style('regular', 13.5, TEXT_2, { tracking: -0.01 }),
  number: style('semibold', 13.5, TEXT, { tracking: -0.01 }),
  big: style('semibold', 27, TEXT, { tracking: -0.025 }),
  lead: style('regular', 9.75, TEXT_2),
  label: style('regular', 8.75, TEXT_3),
  heading: style('medium', 8.75, TEXT_3),
  strong: style('medium', 9.75, TEXT),
  body: style('regular', 9.75, TEXT),
  quiet: style('regular', 9.75, TEXT_2),
  small: style('regular', 8.75, TEXT_2),
  figure: style('regular', 9.75, TEXT, { tabular: true }),
  quietFigure: style('regular', 9.75, TEXT_2, { tabular: true }),
  smallFigure: style('regular', 8.75, TEXT_2, { tabular: true }),
  sumFigure: style('medium', 9.75, TEXT, { tabular: true }),
  final: style('semibold', 13.5, TEXT, { tracking: -0.01, tabular: true }),
  foot: style('regular', 8, TEXT_3),
} as const satisfies Record<string, Style>;
