import { Exact } from '../money/exact.ts';
import type { InvoiceFacts, TaxFacts } from './facts.ts';
import { itemKey } from './fees/item-fees.ts';
import { PRECISE_SCALE } from './fees/new-fee.ts';
import type { FeeResult, InvoiceTaxResult } from './result.ts';
import { netOf } from './spread.ts';

/** What taxes depend on besides the lines. */
export interface TaxContext extends Pick<InvoiceFacts, 'subscriptions' | 'items' | 'entityTaxes'> {
  customer: Pick<InvoiceFacts['customer'], 'taxes'>;
}

/** The line's own taxes: of its charge, fixed charge, commitment or one-off item. */
function itemTaxes(fee: FeeResult, context: TaxContext): TaxFacts[] {
  const plan = context.subscriptions.find(
    ({ subscriptionId }) => subscriptionId === fee.subscriptionId,
  )?.plan;
  switch (fee.kind) {
    case 'charge':
      return plan?.charges.find(({ id }) => id === fee.chargeId)?.taxes ?? [];
    case 'fixed_charge':
      return plan?.fixedCharges.find(({ id }) => id === fee.fixedChargeId)?.taxes ?? [];
    case 'commitment':
      return plan?.commitment?.taxes ?? [];
    case 'add_on':
      return context.items.find((item, position) => itemKey(item, position) === fee.key)?.taxes ?? [];
    default:
      return [];
  }
}

/** The first level with a tax wins entirely: item, plan, customer, billing entity. Bought credits bear none (semantics 9.1). */
export function taxesOf(fee: FeeResult, context: TaxContext): TaxFacts[] {
  if (fee.kind === 'credit') return [];
  const plan = context.subscriptions.find(
    ({ subscriptionId }) => subscriptionId === fee.subscriptionId,
  )?.plan;
  const levels = [itemTaxes(fee, context), plan?.taxes ?? [], context.customer.taxes, context.entityTaxes];
  return levels.find((taxes) => taxes.length > 0) ?? [];
}

export const taxOn = (base: Exact, rate: string): Exact => base.mul(Exact.of(rate)).pow10(-2);

/** A line with its taxes on what is left of it after discounts, rounded per tax and per line for display (semantics 9.2). */
export function taxFee(fee: FeeResult, context: TaxContext): FeeResult {
  const taxes = taxesOf(fee, context);
  const base = netOf(fee);
  const preciseBase = fee.preciseAmountMinor.sub(fee.preciseCouponsAmountMinor);
  return {
    ...fee,
    taxes: taxes.map((tax) => ({
      tax,
      amountMinor: taxOn(base, tax.rate).roundToBigInt(),
      preciseAmountMinor: taxOn(preciseBase, tax.rate).round(PRECISE_SCALE),
    })),
    taxesRate: Exact.sum(taxes.map(({ rate }) => Exact.of(rate))),
    taxesAmountMinor: Exact.sum(taxes.map(({ rate }) => taxOn(base, rate))).roundToBigInt(),
    taxesPreciseAmountMinor: Exact.sum(taxes.map(({ rate }) => taxOn(preciseBase, rate))).round(
      PRECISE_SCALE,
    ),
  };
}

export interface InvoiceTaxes {
  taxes: InvoiceTaxResult[];
  taxesAmountMinor: bigint;
  taxesRate: Exact;
}

interface TaxedPart {
  tax: TaxFacts;
  base: Exact;
  lines: number;
}

/**
 * The invoice's taxes, worked out again from the unrounded bases and rounded once over everything, so they may differ by
 * cents from the sum of the lines' taxes and of the tax lines (semantics 9.3).
 */
export function invoiceTaxes(fees: readonly FeeResult[], subTotalMinor: bigint): InvoiceTaxes {
  const parts = new Map<string, TaxedPart>();
  for (const fee of fees) {
    for (const { tax } of fee.taxes) {
      const part = parts.get(tax.id) ?? { tax, base: Exact.ZERO, lines: 0 };
      parts.set(tax.id, { tax, base: part.base.add(netOf(fee)), lines: part.lines + 1 });
    }
  }
  const all = [...parts.values()];
  const weight = ({ base, lines }: TaxedPart): Exact =>
    subTotalMinor === 0n ? Exact.of(lines).div(Math.max(1, fees.length)) : base.div(subTotalMinor);
  return {
    taxes: all.map(({ tax, base }) => ({
      tax,
      amountMinor: taxOn(base, tax.rate).roundToBigInt(),
      feesAmountMinor: base.trunc().toBigInt(),
    })),
    taxesAmountMinor: Exact.sum(all.map(({ tax, base }) => taxOn(base, tax.rate))).roundToBigInt(),
    taxesRate: Exact.sum(all.map((part) => Exact.of(part.tax.rate).mul(weight(part)))).round(5),
  };
}
