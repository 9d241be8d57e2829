import type { Tx } from '@/db/clients';
import type { ChargeUsageFacts, PlanFacts, TaxFacts } from '@/lib/billing/invoice/facts';
import type { BilledCustomer } from './billed-customer';

/**
 * Where reading facts and writing bills happens. Everything runs in the caller's transaction; `now` is the organisation's
 * clock.
 */
export interface BillingContext {
  tx: Tx;
  organizationId: string;
  /** Epoch milliseconds. */
  now: number;
  /** A preview runs the same code and is rolled back: it takes no number and tells nobody. */
  mode: 'apply' | 'preview';
  /** Minutes an act of class "held" waits before its invoice leaves; absent or 0 leaves at once. */
  holdMinutes?: number;
  /** Count only events ingested up to this sequence: what a preview saw is what applying it sees. */
  watermark?: bigint;
  /** In a forecast, usage after `from` is estimated from the `basisDays` before it. */
  projection?: Projection;
  /** What was read already, for work that changes no price, tax or customer. */
  known?: Known;
  /** Usage up to the watermark that was read already, by what was asked: no act changes it. */
  usageRead?: Map<string, Map<string, ChargeUsageFacts>>;
}

export interface Projection {
  /** Epoch milliseconds. */
  from: number;
  basisDays: number;
  /** What those days saw, kept between the bills of one forecast. */
  paces: Map<string, ChargeUsageFacts>;
  /** When each bill the forecast has finished was billed (epoch milliseconds), by invoice. */
  finished: Map<string, number>;
}

/**
 * What does not change while a unit of work runs, each read once. Whoever begins the work makes it new and gives it only to
 * work under the same transaction that changes none of it; so nothing ever has to be taken out.
 */
export interface Known {
  /** By `planKey`. */
  plans: Map<string, PlanFacts>;
  /** By customer and the billing entity asked for. */
  customers: Map<string, BilledCustomer>;
  /** By type and id of what they are assigned to. */
  taxes: Map<string, TaxFacts[]>;
  /** Customers whose lock this work holds. */
  locked: Set<string>;
}

export function newKnown(): Known {
  return { plans: new Map(), customers: new Map(), taxes: new Map(), locked: new Set() };
}

/** The same knowledge for work that will be rewound: what it comes to know, and the locks it takes, end with it. */
export function copyKnown({ plans, customers, taxes }: Known): Known {
  const people = [...customers].map(([key, billed]): [string, BilledCustomer] => [
    key,
    { ...billed, customer: { ...billed.customer } },
  ]);
  return { plans: new Map(plans), customers: new Map(people), taxes: new Map(taxes), locked: new Set() };
}

/** Whether this is a forecast: everything it writes is rewound, so what only others would read is left out. */
export function isForecast({ projection }: BillingContext): boolean {
  return projection !== undefined;
}
