import fc from 'fast-check';
import type { FixedChargeFacts } from '../../../invoice/facts.ts';
import { fixedCharge } from '../../../invoice/testing/facts-builder.ts';
import { dateAt, dawn } from '../calendar.ts';
import { taxes } from './charges.ts';
import { HOUR } from './events.ts';
import { properties, tenths } from './prices.ts';

/** Charges on units that are set, changed once a day at most. */
export const fixedOf = (id: string, from: number, zone: string): fc.Arbitrary<FixedChargeFacts> =>
  fc.constantFrom('standard' as const, 'graduated' as const, 'volume' as const).chain((model) =>
    fc
      .record({
        own: properties[model],
        days: fc.uniqueArray(fc.integer({ min: -9, max: 40 }), { maxLength: 3 }),
        counts: fc.array(tenths(30), { minLength: 3, maxLength: 3 }),
        prorated: fc.boolean(),
        payInAdvance: fc.boolean(),
        taxes,
      })
      .map(({ own, days, counts, prorated, payInAdvance, taxes: onIt }) => {
        const ahead = payInAdvance && (model === 'standard' || (model === 'graduated' && !prorated));
        const dates = days.sort((a, b) => a - b);
        return fixedCharge({
          id,
          code: id,
          model,
          properties: own,
          prorated,
          payInAdvance: ahead,
          taxes: onIt,
          segments: dates.map((day, i) => {
            const effectiveAt = dawn(dateAt(from, zone) + day * 24 * HOUR, zone);
            return { units: counts[i]!, effectiveAt, createdAt: effectiveAt };
          }),
        });
      }),
  );
