import { z } from 'zod';
import type { Exact } from '@/lib/billing/money/exact';
import { dec } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';

export const breakdownSchema = resource('PresentationBreakdown', {
  presentation_by: z.record(z.string(), is.str.nullable()),
  units: is.dec,
});

/** A part of a charge's units, by the properties the charge is shown by. */
export function breakdownWire({
  by,
  units,
}: {
  by: Record<string, string | null>;
  units: Exact | string;
}): Wire<typeof breakdownSchema> {
  return { presentation_by: by, units: dec(units) };
}
