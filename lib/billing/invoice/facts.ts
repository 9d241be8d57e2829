import type { AggregationType } from '../metering/registry.ts';
import type { ChargeModelName } from '../pricing/registry.ts';
import type { FixedChargeSegment, UsageEvent } from '../usage-facts';
import type { FeeResult } from './result.ts';
import type { TaxFacts } from './tax-facts.ts';

/**
 * The engine's inputs. Everything a bill depends on stands here as plain data: no clock, no database, no environment.
 * Amounts are minor units (bigint) of `currency`; rates and quantities are decimal strings; instants are epoch
 * milliseconds. The same shapes feed the invoice, the current usage, the preview, the forecast and the explanation.
 */
export type { ChargeModelName, TaxFacts };

export const ENGINE_VERSION = '1';

export type Instant = number;
export type Decimal = string;

export type IntervalName = 'weekly' | 'monthly' | 'quarterly' | 'semiannual' | 'yearly';
export type BillingTimeName = 'calendar' | 'anniversary';
export interface MetricFacts {
  id: string;
  code: string;
  name: string;
  description: string | null;
  aggregationType: AggregationType;
  fieldName: string | null;
  recurring: boolean;
  rounding: { fn: 'round' | 'ceil' | 'floor'; precision: number } | null;
  /** The word for one unit on screen ("minute"), where the operator gave one. */
  unitName: string | null;
  /** Keys and their allowed values; a charge filter's "all values" accepts these only (semantics 5.8). */
  filters?: Record<string, string[]>;
}

export interface ChargeFilterFacts {
  id: string;
  displayName: string | null;
  values: Record<string, string[]>;
  properties: Record<string, unknown>;
}

/** A unit of account of its own that a charge is priced in; one is worth `conversionRate` of the plan's currency. */
export interface PricingUnitFacts {
  id: string;
  code: string;
  shortName: string;
  /** Decimals of one unit. */
  exponent: number;
  conversionRate: Decimal;
}

export interface ChargeFacts {
  id: string;
  code: string;
  displayName: string | null;
  metric: MetricFacts;
  model: ChargeModelName;
  payInAdvance: boolean;
  prorated: boolean;
  invoiceable: boolean;
  regroupPaidFees: 'invoice' | null;
  minAmountMinor: bigint;
  acceptsTargetWallet: boolean;
  /** Its prices are in this unit; absent: in the plan's currency. */
  pricingUnit?: PricingUnitFacts;
  /** The model's properties; may hold `pricing_group_keys` (or the old `grouped_by`). */
  properties: Record<string, unknown>;
  filters: ChargeFilterFacts[];
  taxes: TaxFacts[];
}

export interface FixedChargeFacts {
  id: string;
  code: string;
  displayName: string | null;
  addOn: { id: string; code: string; name: string; description: string | null; taxes: TaxFacts[] };
  model: 'standard' | 'graduated' | 'volume';
  payInAdvance: boolean;
  prorated: boolean;
  properties: Record<string, unknown>;
  taxes: TaxFacts[];
  /** Units in force over the window, dated (semantics 6.13). */
  segments: FixedChargeSegment[];
  /** After an upgrade: what the former plan was paid in advance for the same add-on, for a full period, minor units. */
  paidBeforeMinor?: Decimal;
}

export interface CommitmentFacts {
  id: string;
  amountMinor: bigint;
  displayName: string | null;
  taxes: TaxFacts[];
}

export interface PlanFacts {
  id: string;
  versionId: string;
  code: string;
  name: string;
  displayName: string | null;
  interval: IntervalName;
  amountMinor: bigint;
  currency: string;
  payInAdvance: boolean;
  billChargesMonthly: boolean;
  billFixedChargesMonthly: boolean;
  charges: ChargeFacts[];
  fixedCharges: FixedChargeFacts[];
  commitment: CommitmentFacts | null;
  taxes: TaxFacts[];
}

/** Windows of one bill of one subscription (semantics 2.3, 2.4). `to` values are the last included millisecond. */
export interface BillWindows {
  from: Instant;
  to: Instant;
  chargesFrom: Instant | null;
  chargesTo: Instant | null;
  fixedChargesFrom: Instant | null;
  fixedChargesTo: Instant | null;
}

export type InvoicingReasonName =
  | 'subscription_starting'
  | 'subscription_periodic'
  | 'subscription_terminating'
  | 'in_advance_charge'
  | 'in_advance_charge_periodic'
  | 'progressive_billing';

/** Usage of one charge in the window. Aggregated units may stand in for events where neither model nor metric needs them one by one. */
export type ChargeUsageFacts =
  | { kind: 'events'; events: UsageEvent[]; history: UsageEvent[] }
  | { kind: 'sum'; units: Decimal; eventsCount: number };

export interface SubscriptionBillFacts {
  subscriptionId: string;
  externalId: string;
  name: string | null;
  plan: PlanFacts;
  billingTime: BillingTimeName;
  /** The anchor (`subscription_at`). */
  anchor: Instant;
  startedAt: Instant;
  createdAt: Instant;
  trialEndsAt: Instant | null;
  terminatedAt: Instant | null;
  terminationKind: 'terminated' | 'upgraded' | 'downgraded' | null;
  /** What this subscription replaced, and how. */
  predecessor: { planVersionId: string; kind: 'upgraded' | 'downgraded' } | null;
  /** Set on the closing bill of an upgraded plan: metrics the successor also charges (semantics 3.5.5). */
  successorMetricIds: string[];
  reason: InvoicingReasonName;
  billedAt: Instant;
  windows: BillWindows;
  /** Windows of the fee for the period now opening, where recurring in-advance charges renew. */
  history: {
    /** A subscription fee of an earlier, live invoice exists. */
    subscriptionFeeBilled: boolean;
    /** Live invoices of this subscription before this one. */
    invoiceCount: number;
    /** A subscription fee was already billed on the same local issuing day elsewhere. */
    subscriptionFeeBilledToday: boolean;
    /** Amounts already billed in the commitment's period, outside this invoice. */
    commitmentSpentMinor: bigint;
    /** The period the commitment of this bill reconciles, and its first invoiced window's start; null when it is not its turn. */
    commitmentWindow: { from: Instant; to: Instant } | null;
  };
  /** False for bills that must leave usage alone (starting and trial-end invoices). */
  billUsage: boolean;
  /** False for bills that must not carry the plan's fee. */
  billSubscriptionFee: boolean;
  /** By charge id. */
  usage: Record<string, ChargeUsageFacts>;
}

/** Amounts are in cents of the add-on's or credit's currency (semantics 6.14, 10.2). */
export interface OneOffItemFacts {
  kind: 'add_on' | 'credit';
  itemId: string;
  code: string;
  name: string;
  description: string | null;
  displayName: string | null;
  units: Decimal;
  /** What the line says where one unit stands for the whole amount (credits at a price that is no whole cent). */
  shownUnits?: Decimal;
  unitAmountMinor: bigint;
  taxes: TaxFacts[];
  from: Instant | null;
  to: Instant | null;
}

/** A credit for what earlier progressive invoices of the period billed (semantics 7.2). */
export interface ProgressiveCreditFacts {
  subscriptionId: string;
  invoiceId: string;
  toCreditMinor: bigint;
  chargeIds: string[];
}

export interface AppliedCouponFacts {
  id: string;
  code: string;
  name: string;
  type: 'fixed_amount' | 'percentage';
  amountMinor: bigint | null;
  currency: string | null;
  percentageRate: Decimal | null;
  frequency: 'once' | 'recurring' | 'forever';
  frequencyDurationRemaining: number | null;
  /** Σ credits on live invoices, for `once` fixed amounts. */
  usedMinor: bigint;
  planIds: string[];
  metricIds: string[];
  createdAt: Instant;
}

export interface CreditNoteFacts {
  id: string;
  invoiceId: string;
  currency: string;
  balanceMinor: bigint;
  createdAt: Instant;
}

export interface WalletLotFacts {
  transactionId: string;
  kind: 'granted' | 'purchased';
  priority: number;
  remainingMinor: bigint;
  createdAt: Instant;
  expiresAt: Instant | null;
}

export interface WalletFacts {
  id: string;
  code: string;
  currency: string;
  priority: number;
  createdAt: Instant;
  balanceMinor: bigint;
  allowedFeeTypes: string[];
  allowedMetricIds: string[];
  traceable: boolean;
  lots: WalletLotFacts[];
}

/** What a person changed on one line of a draft (semantics 6.15). */
export interface FeeAdjustmentFacts {
  /** The line's key. */
  lineKey: string;
  units: Decimal | null;
  /** Major units; only together with units. Without it the line's own model prices the units. */
  unitPreciseAmount: Decimal | null;
  displayName: string | null;
}

export interface InvoiceFacts {
  engineVersion: string;
  type: 'subscription' | 'one_off' | 'credit' | 'progressive_billing';
  /** A draft carries no coupons, credit notes or credits (semantics 12.5). */
  stage: 'draft' | 'final';
  currency: string;
  timezone: string;
  locale: string;
  billedAt: Instant;
  customer: { id: string; name: string; taxes: TaxFacts[] };
  entityTaxes: TaxFacts[];
  subscriptions: SubscriptionBillFacts[];
  items: OneOffItemFacts[];
  /** Lines worked out one by one before (usage billed in advance); they stand in place of lines from usage. */
  given?: FeeResult[];
  /** Lines of a draft that a person changed. */
  adjustments?: FeeAdjustmentFacts[];
  progressiveCredits: ProgressiveCreditFacts[];
  coupons: AppliedCouponFacts[];
  creditNotes: CreditNoteFacts[];
  wallets: WalletFacts[];
}
