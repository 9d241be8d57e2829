import type { Exact } from '../money/exact.ts';
import type { TaxFacts } from './tax-facts.ts';

export type FeeKind = 'subscription' | 'charge' | 'fixed_charge' | 'commitment' | 'add_on' | 'credit';

/** One printed row of a line's working. The amounts of a working's rows add up to the fee's precise amount exactly. */
export interface WorkingRow {
  /** What the row is: `tier`, `flat`, `units`, `free`, `package`, `rate`, `fixed`, `clamp`, `days`, `minimum`, `used`… */
  kind: string;
  label?: string;
  units?: string;
  rate?: string;
  from?: string;
  to?: string | null;
  days?: number;
  ofDays?: number;
  /** Major units, exact decimal or fraction text that `Exact.of` reads back. */
  amount: string;
}

/** Everything needed to work the line out again and to say it in a sentence. */
export interface Working {
  kind: FeeKind | 'true_up';
  model: string | null;
  rows: WorkingRow[];
  period: { from: number; to: number } | null;
  unitName: string | null;
  metricName: string | null;
  aggregation: string | null;
  prorated: boolean;
  properties: Record<string, unknown> | null;
  units: string;
  inputs?: WorkingInputs;
  /** How the units split by what the charge is shown by; decimal texts (semantics 6.8). */
  presentation?: { by: Record<string, string | null>; units: string }[];
}

/** What the price was worked out from besides units and properties, so that it can be worked out again. */
export interface WorkingInputs {
  /** Decimals of the currency's minor unit. */
  currencyExponent: number;
  /** Units given to the model where they differ from those shown: prorated ones, or the total of an in-advance event. */
  pricedUnits?: string;
  /** An in-advance event bills the total up to it less the price of these units. */
  billedBeforeUnits?: string;
  eventsCount?: number;
  /** The price is in a unit of its own: rounded to its decimals, then converted. */
  pricingUnit?: { exponent: number; conversionRate: string };
  /** Changes one by one, where a prorated graduated price walks them. */
  perEvent?: { timestamp: number; units: string; prorated: string }[];
}

export interface FeeTaxResult {
  tax: TaxFacts;
  amountMinor: bigint;
  preciseAmountMinor: Exact;
}

/** What a line costs in its charge's own pricing unit; decimal texts, `…Minor` in the unit's smallest parts (semantics 1.3). */
export interface PricingUnitUsage {
  id: string;
  code: string;
  shortName: string;
  conversionRate: string;
  amountMinor: string;
  preciseAmountMinor: string;
  unitAmountMinor: string;
  preciseUnitAmount: string;
}

/** A line. `key` identifies it inside the invoice (true-ups name their parent by it). */
export interface FeeResult {
  key: string;
  kind: FeeKind;
  subscriptionId: string | null;
  chargeId: string | null;
  chargeFilterId: string | null;
  fixedChargeId: string | null;
  metricId: string | null;
  itemId: string;
  itemCode: string;
  itemName: string;
  itemDescription: string | null;
  displayName: string;
  filterDisplayName: string | null;
  filterValues: Record<string, string[]> | null;
  groupedBy: Record<string, string | null>;
  targetWalletCode: string | null;
  trueUpParentKey: string | null;
  units: Exact;
  totalAggregatedUnits: Exact | null;
  eventsCount: number | null;
  amountMinor: bigint;
  preciseAmountMinor: Exact;
  unitAmountMinor: bigint;
  preciseUnitAmount: Exact;
  /** Coupon and progressive share, rounded to 5 decimals after each (semantics 8.4). */
  preciseCouponsAmountMinor: Exact;
  preciseCreditNotesAmountMinor: Exact;
  taxesAmountMinor: bigint;
  taxesPreciseAmountMinor: Exact;
  taxesRate: Exact;
  taxes: FeeTaxResult[];
  amountDetails: Record<string, unknown>;
  pricingUnit: PricingUnitUsage | null;
  working: Working;
  payInAdvance: boolean;
  invoiceable: boolean;
  from: number | null;
  to: number | null;
}

export interface CouponCreditResult {
  appliedCouponId: string;
  amountMinor: bigint;
}

export interface WalletUseResult {
  walletId: string;
  amountMinor: bigint;
  lots: { transactionId: string; kind: 'granted' | 'purchased'; amountMinor: bigint }[];
}

export interface InvoiceTaxResult {
  tax: TaxFacts;
  amountMinor: bigint;
  /** Σ bases, truncated (semantics 9.3). */
  feesAmountMinor: bigint;
}

/** An invoice with its working, before it has a number: the totals in the order of semantics 14. */
export interface InvoiceResult {
  fees: FeeResult[];
  feesAmountMinor: bigint;
  progressiveCredits: {
    subscriptionId: string;
    invoiceId: string;
    amountMinor: bigint;
    excessMinor: bigint;
  }[];
  progressiveBillingCreditAmountMinor: bigint;
  coupons: CouponCreditResult[];
  couponsAmountMinor: bigint;
  subTotalExcludingTaxesMinor: bigint;
  taxes: InvoiceTaxResult[];
  taxesAmountMinor: bigint;
  taxesRate: Exact;
  subTotalIncludingTaxesMinor: bigint;
  creditNotes: { creditNoteId: string; amountMinor: bigint }[];
  creditNotesAmountMinor: bigint;
  walletUses: WalletUseResult[];
  prepaidCreditAmountMinor: bigint;
  prepaidGrantedCreditAmountMinor: bigint | null;
  prepaidPurchasedCreditAmountMinor: bigint | null;
  totalAmountMinor: bigint;
}
