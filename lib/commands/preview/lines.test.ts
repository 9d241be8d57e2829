import { describe, expect, it } from 'vitest';
import { markGuesses } from './lines';
import type { BillLine, ForecastBill } from './types';

const line = (kind: BillLine['kind'], exact: boolean): BillLine => ({
  label: kind,
  name: kind,
  working: null,
  amountMinor: '1',
  exact,
  kind,
});
const bill = (...lines: BillLine[]): ForecastBill => ({
  date: '2026-11-01',
  totalMinor: '1',
  exact: lines.every(({ exact }) => exact),
  lines,
});

describe('a bill behind an estimated one', () => {
  const use = bill(line('use', false), line('credit', false));

  it('is an estimate too when credits pay a part of it', () => {
    const [, second, third] = markGuesses([
      use,
      bill(line('plan', true), line('credit', true)),
      bill(line('plan', true)),
    ]);
    expect(second).toMatchObject({ exact: false, lines: [{ exact: true }, { exact: false }] });
    expect(third?.exact).toBe(true);
  });

  it('stays exact behind exact ones', () => {
    const bills = [bill(line('plan', true)), bill(line('plan', true), line('credit', true))];
    expect(markGuesses(bills)).toEqual(bills);
  });
});
