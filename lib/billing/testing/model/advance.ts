import type { ChargeFacts } from '../../invoice/facts.ts';
import type { UsageEvent } from '../../usage-facts.ts';
import { datesFrom, type Window } from './calendar.ts';
import {
  above,
  ceilingAt,
  type Fraction,
  fraction,
  minus,
  most,
  NOTHING,
  nearest,
  parts,
  plus,
  read,
  times,
  total,
} from './fraction.ts';
import { bucketsOf } from './metering.ts';
import { priceOf } from './pricing.ts';

/** What each event costs on a charge paid event by event, told from all events up to it (semantics 6.11). */
export interface AdvanceLine {
  amount: bigint;
  units: Fraction;
}

/** The level after each event that counts; a seat counts once while it is there. */
function levelsOf({ metric }: ChargeFacts, events: readonly UsageEvent[]): [UsageEvent, Fraction][] {
  const seats = new Set<string>();
  const levels: [UsageEvent, Fraction][] = [];
  let level = NOTHING;
  for (const event of events) {
    const value = event.properties[metric.fieldName ?? ''];
    if (metric.aggregationType === 'count_agg') level = plus(level, fraction(1));
    else if (metric.aggregationType === 'sum_agg') {
      const change = read(value);
      if (!change) continue;
      level = plus(level, change);
    } else {
      if (value === undefined) continue;
      if (event.properties.operation_type === 'remove') seats.delete(value as string);
      else seats.add(value as string);
      level = fraction(seats.size);
    }
    levels.push([event, level]);
  }
  return levels;
}

/** `events` in time order, those before the window among them where the metric carries over. */
export function advanceLines(
  charge: ChargeFacts,
  events: readonly UsageEvent[],
  window: Window,
  exponent: number,
): Map<string, AdvanceLine> {
  const lines = new Map<string, AdvanceLine>();
  for (const bucket of bucketsOf(charge, events)) {
    const own = charge.filters.find(({ id }) => id === bucket.filterId)?.properties ?? charge.properties;
    const levels = levelsOf(charge, bucket.events);
    const older = levels.filter(([{ timestamp }]) => timestamp < window.from);
    let mark = most(older.at(-1)?.[1] ?? NOTHING, NOTHING);
    const billed: { event: UsageEvent; by: Fraction }[] = [];
    const cost = (units: Fraction): Fraction =>
      priceOf(
        charge.model,
        {
          units,
          full: units,
          events: billed.length,
          values: billed.map(({ by }) => by),
          counts: charge.metric.aggregationType !== 'sum_agg',
          carried: total(
            billed.map(({ event: { preciseTotalAmountMinor: sum } }) =>
              sum ? (read(sum.toDecimalString(5)) ?? NOTHING) : NOTHING,
            ),
          ),
          exponent,
        },
        own,
      );
    for (const [event, level] of levels.slice(older.length)) {
      const by = most(minus(level, mark), NOTHING);
      let major = NOTHING;
      if (charge.prorated) {
        const days = datesFrom(event.timestamp, window.to, window.zone).length;
        major = priceOf(
          charge.model,
          {
            units: ceilingAt(parts(times(by, fraction(days)), window.days), 5),
            full: by,
            events: 1,
            values: [],
            counts: false,
            carried: NOTHING,
            exponent,
          },
          own,
        );
      } else if (above(by, NOTHING)) {
        const before = mark.over === 0n ? NOTHING : cost(mark);
        billed.push({ event, by });
        major = most(minus(cost(plus(mark, by)), before), NOTHING);
      }
      mark = plus(mark, by);
      const amount = nearest(times(major, fraction(10n ** BigInt(exponent))));
      lines.set(event.transactionId, { amount, units: by });
    }
  }
  return lines;
}
