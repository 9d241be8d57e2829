import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisCut, axisFromZero, drawable, shortMoney, shortNumber, toX, toY } from './scale';

describe('axes', () => {
  it('starts bars at zero and ends them on a round number', () => {
    expect(axisFromZero([430, 2140])).toEqual({ from: 0, to: 3000, ticks: [0, 1000, 2000, 3000] });
  });

  it('cuts the axis of totals that dwarf their movements', () => {
    const axis = axisCut([48216, 53920, 51820.5]);
    expect(axis).toMatchObject({ from: 46000, to: 54000, cut: true });
    expect(axisCut([100, 900])).toMatchObject({ from: 0, cut: false });
  });

  it('covers every value with at most seven ticks', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1 }), (values) => {
        for (const axis of [axisFromZero(values), axisCut(values)]) {
          expect(axis.from).toBeLessThanOrEqual(Math.min(...values));
          expect(axis.to).toBeGreaterThanOrEqual(Math.max(...values));
          expect(axis.ticks.length).toBeLessThanOrEqual(7);
          expect(axis.ticks.length).toBeGreaterThanOrEqual(2);
        }
      }),
    );
  });

  it('puts values on pixels', () => {
    const axis = axisFromZero([10]);
    expect(toY(0, axis, 10, 110)).toBe(110);
    expect(toY(10, axis, 10, 110)).toBe(10);
    expect(toX(5, 0, 10, 50, 150)).toBe(100);
  });

  it('labels axes briefly', () => {
    expect([shortNumber(1000), shortNumber(48216), shortNumber(3_140_000)]).toEqual([
      '1,000',
      '48.2k',
      '3.1M',
    ]);
    expect([5_000, 7_500, 1_234, 15_000].map((v) => shortMoney(v, '$'))).toEqual([
      '$5k',
      '$7.5k',
      '$1,234',
      '$15k',
    ]);
    expect(shortMoney(-500, '$')).toBe('\u2212$500');
    expect(drawable('4821600', 2)).toBe(48216);
  });
});
