import type { AggregationType, EventQuantity } from '../metering/metric.ts';
import type { Exact } from '../money/exact.ts';

export type ChargeModelName =
  | 'standard'
  | 'graduated'
  | 'graduated_percentage'
  | 'package'
  | 'percentage'
  | 'volume'
  | 'dynamic';

export type ChargeProperties = Readonly<Record<string, unknown>>;

export interface PriceInput {
  /** Units to price: the prorated ones of a prorated charge. */
  units: Exact;
  /** Units shown and divided by; the same as `units` where absent. */
  fullUnits?: Exact;
  eventsCount: number;
  /** Needed by percentages with allowances or limits and by prorated graduated charges. */
  perEvent?: readonly EventQuantity[];
  properties: ChargeProperties;
  preciseTotalAmountMinor?: Exact;
  currencyExponent: number;
  prorated?: boolean;
  /** Counts run their allowances differently from sums (semantics 6.5). */
  aggregationType?: AggregationType;
}

/** One printed row of the working; amounts are exact texts (`Exact.of` reads them) and sum to the amount. */
export interface WorkingRow {
  /** `units`, `tier`, `flat`, `free`, `package`, `rate`, `fixed`, `clamp`, `events`, `billed_before` */
  kind: string;
  units?: string;
  rate?: string;
  from?: string;
  to?: string | null;
  amount: string;
}

export interface PriceResult {
  /** Unrounded, in major units. */
  amountMajor: Exact;
  /** Amount over full units; zero when there are none (semantics 6). */
  unitAmountMajor: Exact;
  /** `amount_details` as on the wire. */
  details: Record<string, unknown>;
  working: WorkingRow[];
}

/** Field → Lago's error codes; empty when all is well. */
export type PropertyErrors = Record<string, string[]>;

export interface ChargeModel {
  model: ChargeModelName;
  validate(properties: ChargeProperties): PropertyErrors;
  /** Throws RangeError on properties that `validate` refuses. */
  price(input: PriceInput): PriceResult;
}
