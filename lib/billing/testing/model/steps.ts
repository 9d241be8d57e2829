import type { UsageEvent } from '../../usage-facts.ts';
import { dateAt, datesFrom, daysBetween, type Window } from './calendar.ts';
import { ceilingAt, type Fraction, fraction, parts, times } from './fraction.ts';
import type { Step } from './pricing.ts';

/** What each event of a prorated charge changes, one after another (semantics 5.9, 6.12). */

const shareOf = (size: Fraction, days: number, window: Window): Step => ({
  size,
  share: ceilingAt(parts(times(size, fraction(days)), window.days), 5),
});

/** `old` is what was there before the window, where anything was. */
export function sumSteps(
  old: Fraction | undefined,
  changes: readonly { at: number; size: Fraction }[],
  window: Window,
): Step[] {
  const { from, to, zone, upgraded } = window;
  const whole = Math.max(0, daysBetween(from, to, zone) - (upgraded ? 1 : 0));
  return [
    ...(old ? [shareOf(old, whole, window)] : []),
    ...changes.map(({ at, size }) => shareOf(size, datesFrom(at, to, zone).length, window)),
  ];
}

interface Change {
  size: 1 | -1;
  /** The days it changes. */
  days: number;
}

/**
 * Seats come and go. One that goes stays to the end of its day; one that comes back on that day never left. `events` are
 * in order, history included.
 */
export function uniqueSteps(events: readonly UsageEvent[], field: string, window: Window): Step[] {
  const { from, to, zone, upgraded } = window;
  const dates = datesFrom(from, to, zone);
  if (upgraded) dates.pop();
  const daysAfter = (date: number): number => dates.filter((one) => one > date).length;
  const daysSince = (date: number): number => dates.filter((one) => one >= date).length;

  const here = new Set<string>();
  const wentOn = new Map<string, { date: number; change: Change | null }>();
  const changes: Change[] = [];
  let carried = 0;
  for (const { properties, timestamp } of events) {
    const seat = properties[field] as string | undefined;
    if (seat === undefined) continue;
    const date = dateAt(timestamp, zone);
    const inside = timestamp >= from;
    if (properties.operation_type === 'remove') {
      if (!here.delete(seat)) continue;
      const change = inside ? ({ size: -1, days: daysAfter(date) } as const) : null;
      if (change) changes.push(change);
      else carried--;
      wentOn.set(seat, { date, change });
    } else if (!here.has(seat)) {
      here.add(seat);
      const gone = wentOn.get(seat);
      if (gone?.date === date && gone.change) changes.splice(changes.indexOf(gone.change), 1);
      else if (!inside || gone?.date === date) carried++;
      else changes.push({ size: 1, days: daysSince(date) });
    }
  }
  const steps = changes.map(({ size, days }) => shareOf(fraction(size), days, window));
  return carried > 0 ? [shareOf(fraction(carried), dates.length, window), ...steps] : steps;
}
