import type { Bar } from '@/components/charts/bar-series';
import { formatDay } from '@/components/format-date';
import { Exact } from '@/lib/billing/money/exact';
import { formatQuantity } from '@/lib/billing/money/format';
import { addDays, daysBetween } from '@/lib/billing/periods/zone';
import type { DayOfUse, MeterOfPlan } from '@/lib/queries/console/usage-by-day';

/** What a meter counted from its days: their sum, highest or last; null where days do not make a total. */
export function totalUse(meter: Pick<MeterOfPlan, 'aggregation'>, days: readonly DayOfUse[]): Exact | null {
  const values = days.map((day) => Exact.of(day.value));
  switch (meter.aggregation) {
    case 'count_agg':
    case 'sum_agg':
      return Exact.sum(values);
    case 'max_agg':
      return values.reduce((high, value) => high.max(value), Exact.ZERO);
    case 'latest_agg':
      return values.at(-1) ?? Exact.ZERO;
    default:
      return null;
  }
}

/** A quantity for a heading: two decimals are plenty there. */
export const shortQuantity = (value: Exact): string => formatQuantity(value.round(2));

interface Span {
  /** First local day and how many days follow it, itself included. */
  firstDay: string;
  days: number;
  /** The day that is not over yet, if it lies inside. */
  today: string | null;
}

/**
 * One bar per local day up to today. Days inside the included amount are soft; `picked` is in ink. Heights are drawn
 * with ordinary numbers: a pixel is never billed.
 */
export function dayBars(
  used: readonly DayOfUse[],
  { firstDay, days, today }: Span,
  included: Exact | null,
  picked?: string,
): Bar[] {
  const byDay = new Map(used.map((day) => [day.day, Exact.of(day.value)]));
  const shown = today ? Math.min(days, daysBetween(firstDay, today) + 1) : days;
  let running = Exact.ZERO;
  return Array.from({ length: Math.max(0, shown) }, (_, index) => {
    const day = addDays(firstDay, index);
    const value = byDay.get(day) ?? Exact.ZERO;
    running = running.add(value);
    const inside = included !== null && running.lte(included);
    return {
      label: formatDay(day, firstDay),
      value: Number(value.toDecimalString(6)),
      text: shortQuantity(value),
      kind: day === picked ? 'picked' : inside ? 'included' : 'paid',
      partial: day === today,
    };
  });
}

/** After how many days the included amount was used up, and on which; null while it lasts. */
export function usedUp(
  used: readonly DayOfUse[],
  firstDay: string,
  included: Exact | null,
): { after: number; day: string } | null {
  if (!included?.isPositive()) return null;
  let running = Exact.ZERO;
  for (const { day, value } of used) {
    running = running.add(Exact.of(value));
    if (running.gt(included)) return { after: daysBetween(firstDay, day), day };
  }
  return null;
}
