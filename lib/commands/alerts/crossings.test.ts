import { describe, expect, it } from 'vitest';
import { Exact } from '@/lib/billing/money/exact';
import { type AlertThreshold, crossings } from './crossings.ts';

const fixed = (value: number): AlertThreshold => ({
  code: `at ${value}`,
  value: `${value}`,
  recurring: false,
});
const every = (value: number): AlertThreshold => ({ code: 'every', value: `${value}`, recurring: true });
const between = (
  thresholds: AlertThreshold[],
  previous: number,
  current: number,
  direction: 'increasing' | 'decreasing' = 'increasing',
) =>
  crossings(thresholds, { direction, previous: Exact.of(previous), current: Exact.of(current) }).map(
    ({ value }) => value,
  );

describe('alert thresholds (7.4)', () => {
  it('are passed once, when reached', () => {
    expect(between([fixed(80), fixed(120)], 0, 79)).toEqual([]);
    expect(between([fixed(80), fixed(120)], 79, 80)).toEqual(['80']);
    expect(between([fixed(80), fixed(120)], 80, 119)).toEqual([]);
    expect(between([fixed(120), fixed(80)], 0, 500)).toEqual(['80', '120']);
  });
  it('repeat beyond the last fixed one', () => {
    expect(between([fixed(100), every(50)], 0, 149)).toEqual(['100']);
    expect(between([fixed(100), every(50)], 149, 210)).toEqual(['150', '200']);
    expect(between([fixed(100), every(50)], 210, 249)).toEqual([]);
  });
  it('a step alone counts from zero', () => expect(between([every(10)], 5, 25)).toEqual(['10', '20']));
  it('a jump names at most twenty steps', () => expect(between([every(1)], 0, 1000)).toHaveLength(20));
  it('fall for credits', () => {
    expect(between([fixed(50)], 75, 45, 'decreasing')).toEqual(['50']);
    expect(between([fixed(50)], 45, 25, 'decreasing')).toEqual([]);
    expect(between([fixed(50), fixed(20)], 75, 10, 'decreasing')).toEqual(['50', '20']);
    expect(between([fixed(20), every(10)], 20, -5, 'decreasing')).toEqual(['10', '0']);
  });
  it('a move the other way passes nothing', () => {
    expect(between([fixed(50)], 75, 45)).toEqual([]);
    expect(between([fixed(50)], 45, 75, 'decreasing')).toEqual([]);
  });
});
