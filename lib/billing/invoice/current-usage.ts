import { Exact } from '../money/exact.ts';
import type { ChargeFacts, ChargeFilterFacts, InvoiceFacts, SubscriptionBillFacts } from './facts.ts';
import { chargeFees, filterOf } from './fees/charge-fees.ts';
import {
  type Breakdown,
  breakdownOf,
  type PresentedUnits,
  presentedUnits,
  sameGroup,
} from './presentation.ts';
import type { ProjectedUsage } from './projected-usage.ts';
import type { FeeResult, PricingUnitUsage } from './result.ts';
import { invoiceTaxes, taxFee } from './taxes.ts';

export interface UsageAmounts {
  units: Exact;
  totalAggregatedUnits: Exact;
  eventsCount: number;
  amountMinor: bigint;
  /** The same in the charge's own pricing unit, where it has one. */
  pricingUnit: { amountMinor: bigint; shortName: string; conversionRate: string } | null;
  /** What it comes to by the period's end, where that was asked for. */
  projected?: ProjectedUsage;
}

/** Amounts with the split that a charge is shown by; empty for a charge that has none. */
interface ShownAmounts extends UsageAmounts {
  breakdowns: Breakdown[];
}

export interface FilterUsage extends ShownAmounts {
  /** Null: the default bucket. */
  filter: ChargeFilterFacts | null;
}

export interface GroupUsage extends UsageAmounts {
  groupedBy: Record<string, string | null>;
  filters: FilterUsage[];
}

export interface ChargeUsage extends ShownAmounts {
  charge: ChargeFacts;
  /** Empty for a charge without filters. */
  filters: FilterUsage[];
  /** Empty for a charge without group keys. */
  groups: GroupUsage[];
  fees: FeeResult[];
}

export interface CurrentUsage {
  from: number;
  to: number;
  charges: ChargeUsage[];
  fees: FeeResult[];
  amountMinor: bigint;
  taxesAmountMinor: bigint;
  totalAmountMinor: bigint;
}

export interface CurrentUsageOptions {
  timezone: string;
  /** Needed with `applyTaxes`. */
  customer: Pick<InvoiceFacts['customer'], 'taxes'>;
  entityTaxes: InvoiceFacts['entityTaxes'];
  applyTaxes: boolean;
  /** Set to work out what each line comes to by the period's end. */
  project?: (line: FeeResult) => ProjectedUsage;
}

type Project = CurrentUsageOptions['project'];

function projectedTotal(fees: readonly FeeResult[], project: Project): Pick<UsageAmounts, 'projected'> {
  if (!project) return {};
  const lines = fees.map(project);
  return {
    projected: {
      units: Exact.sum(lines.map(({ units }) => units)),
      amountMinor: lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    },
  };
}

function amounts(fees: readonly FeeResult[], project?: Project): UsageAmounts {
  return {
    units: Exact.sum(fees.map(({ units }) => units)),
    totalAggregatedUnits: Exact.sum(fees.map((fee) => fee.totalAggregatedUnits ?? fee.units)),
    eventsCount: fees.reduce((sum, { eventsCount }) => sum + (eventsCount ?? 0), 0),
    amountMinor: fees.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    pricingUnit: pricingUnitTotal(fees),
    ...projectedTotal(fees, project),
  };
}

/** What lines of one charge cost together in its pricing unit; null without one. */
export function pricingUnitTotal(
  lines: readonly { pricingUnit: PricingUnitUsage | null }[],
): UsageAmounts['pricingUnit'] {
  const units = lines.flatMap(({ pricingUnit }) => pricingUnit ?? []);
  const [first] = units;
  if (!first) return null;
  const amountMinor = units.reduce((sum, unit) => sum + BigInt(unit.amountMinor), 0n);
  return { amountMinor, shortName: first.shortName, conversionRate: first.conversionRate };
}

function byFilter(
  charge: ChargeFacts,
  fees: readonly FeeResult[],
  project: Project,
  shown: readonly PresentedUnits[],
): FilterUsage[] {
  if (charge.filters.length === 0) return [];
  const ids = [...new Set(fees.map(({ chargeFilterId }) => chargeFilterId))];
  return ids.map((id) => ({
    filter: filterOf(charge, id),
    ...amounts(
      fees.filter(({ chargeFilterId }) => chargeFilterId === id),
      project,
    ),
    breakdowns: breakdownOf(shown.filter(({ filterId }) => filterId === id)),
  }));
}

function byGroup(
  charge: ChargeFacts,
  fees: readonly FeeResult[],
  project: Project,
  shown: readonly PresentedUnits[],
): GroupUsage[] {
  const groups = new Map<string, FeeResult[]>();
  for (const fee of fees) {
    if (Object.keys(fee.groupedBy).length === 0) continue;
    const key = JSON.stringify(Object.entries(fee.groupedBy).sort());
    groups.set(key, [...(groups.get(key) ?? []), fee]);
  }
  return [...groups.values()].map((own) => ({
    groupedBy: own[0]!.groupedBy,
    ...amounts(own, project),
    filters: byFilter(
      charge,
      own,
      project,
      shown.filter(({ groupedBy }) => sameGroup(groupedBy, own[0]!.groupedBy)),
    ),
  }));
}

/**
 * Usage of the running period with what it costs so far: the lines of the bill to come, empty buckets included, without
 * true-ups. Charges only; optionally with taxes. Amounts in minor units of the plan's currency.
 */
export function computeChargeUsage(bill: SubscriptionBillFacts, options: CurrentUsageOptions): CurrentUsage {
  const { chargesFrom, chargesTo } = bill.windows;
  if (chargesFrom === null || chargesTo === null) throw new RangeError('The bill has no charges window');
  const context = { ...options, subscriptions: [bill], items: [] };
  const charges = bill.plan.charges.map((charge): ChargeUsage => {
    const lines = chargeFees(bill, charge, { timezone: options.timezone, includeZero: true });
    const fees = options.applyTaxes ? lines.map((line) => taxFee(line, context)) : lines;
    const shown = presentedUnits(bill, charge, options.timezone);
    return {
      charge,
      ...amounts(fees, options.project),
      breakdowns: breakdownOf(shown),
      filters: byFilter(charge, fees, options.project, shown),
      groups: byGroup(charge, fees, options.project, shown),
      fees,
    };
  });
  const fees = charges.flatMap((charge) => charge.fees);
  const { amountMinor } = amounts(fees);
  const { taxesAmountMinor } = invoiceTaxes(fees, amountMinor);
  return {
    from: chargesFrom,
    to: chargesTo,
    charges,
    fees,
    amountMinor,
    taxesAmountMinor,
    totalAmountMinor: amountMinor + taxesAmountMinor,
  };
}
