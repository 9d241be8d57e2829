import type { EventQuantity } from '../metering/metric.ts';
import type { Exact } from '../money/exact.ts';

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
  aggregationType?: string;
}

/** One printed row of the working; amounts are exact texts (`Exact.of` reads them) and sum to the amount. */
export interface WorkingRow {
  /** `units`, `tier`, `flat`, `free`, `package`, `rate`, `fixed`, `clamp`, `events`, `billed_before`, `floor` */
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

/** What a number of a price is: it decides how it is typed, checked and documented. */
export type NumberKind =
  /** Major units per unit used. */
  | 'unit_price'
  /** Major units, whole: per event, per package. */
  | 'amount'
  | 'percent'
  /** A decimal number of units. */
  | 'quantity'
  /** A whole number. */
  | 'count';

export interface NumberField {
  kind: NumberKind;
  name: string;
  label: string;
  /** What it does, for people and documentation. */
  about: string;
  optional?: boolean;
  /** Counts only: the least that makes sense; 0 where absent. */
  atLeast?: number;
  /** Lago's error code; `invalid_<name>` where absent. */
  code?: string;
}

/** Ordered ranges of units, the last one open, each with its rate and flat fee. */
export interface StepsField {
  kind: 'steps';
  name: string;
  label: string;
  about: string;
  rate: { name: 'per_unit_amount' | 'rate'; kind: 'unit_price' | 'percent'; code: string };
  /** Whether a range may also begin where the one before it ends, instead of one above (semantics 6.2). */
  adjacentAllowed: boolean;
}

export type PropertyField = NumberField | StepsField;

export interface ChargeModel {
  /** What people call it. */
  label: string;
  /** One sentence on what it charges. */
  about: string;
  /** Its properties: the plan builder's form, the API's checks and the documentation follow from them. */
  fields: readonly PropertyField[];
  /** What its price follows from: units and properties alone, the events one by one, or amounts that events bring. */
  pricedBy: 'units' | 'events' | 'carried_amounts';
  /** Aggregations it cannot price (semantics 5.3, 6.6). */
  refuses?: (aggregation: string) => boolean;
  /** Whether each event may be billed at once (semantics 6.11). */
  mayPayInAdvance: boolean;
  /** When units may be charged by the days they were held (semantics 5.9). */
  mayProrate: 'always' | 'in_arrears' | 'never';
  /** What fields taken together must satisfy, where each is right by itself. */
  check?(properties: ChargeProperties): PropertyErrors;
  /** Throws RangeError on properties that do not pass. */
  price(input: PriceInput): PriceResult;
}
