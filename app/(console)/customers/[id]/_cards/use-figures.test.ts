import { describe, expect, it } from 'vitest';
import { Exact } from '@/lib/billing/money/exact';
import { dayBars, totalUse, usedUp } from './use-figures';

const day = (iso: string, value: string) => ({ code: 'minutes', day: iso, events: 1, value });
const used = [day('2026-09-01', '600'), day('2026-09-03', '500.5'), day('2026-09-04', '10')];

describe('use by day', () => {
  it('adds days up exactly, and only where days make a total', () => {
    expect(totalUse({ aggregation: 'sum_agg' }, used)?.toString()).toBe('1110.5');
    expect(totalUse({ aggregation: 'max_agg' }, used)?.toString()).toBe('600');
    expect(totalUse({ aggregation: 'latest_agg' }, used)?.toString()).toBe('10');
    expect(totalUse({ aggregation: 'unique_count_agg' }, used)).toBeNull();
  });

  it('draws silent days, stops at today and softens what is included', () => {
    const span = { firstDay: '2026-09-01', days: 30, today: '2026-09-04' };
    const bars = dayBars(used, span, Exact.of(1000), '2026-09-03');
    expect(bars.map((bar) => bar.value)).toEqual([600, 0, 500.5, 10]);
    expect(bars.map((bar) => bar.kind)).toEqual(['included', 'included', 'picked', 'paid']);
    expect(bars.map((bar) => bar.partial)).toEqual([false, false, false, true]);
  });

  it('says when the included amount ran out', () => {
    expect(usedUp(used, '2026-09-01', Exact.of(1000))).toEqual({ after: 2, day: '2026-09-03' });
    expect(usedUp(used, '2026-09-01', Exact.of(5000))).toBeNull();
    expect(usedUp(used, '2026-09-01', null)).toBeNull();
  });
});
