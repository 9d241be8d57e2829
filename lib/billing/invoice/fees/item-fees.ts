import { exponentOf } from '../../money/currency.ts';
import { Exact } from '../../money/exact.ts';
import type { InvoiceFacts, OneOffItemFacts } from '../facts.ts';
import type { FeeResult } from '../result.ts';
import { majorText, newFee, newWorking, PRECISE_SCALE } from './new-fee.ts';

/** The n-th item's line, by which its own taxes are found again. */
export const itemKey = ({ kind, itemId }: OneOffItemFacts, position: number): string =>
  `${kind}:${position}:${itemId}`;

/** Lines of add-ons and of bought credits: units × unit price, rounded once (semantics 6.14, 10.2). */
export function itemFees({ items, currency }: Pick<InvoiceFacts, 'items' | 'currency'>): FeeResult[] {
  return items.map((item, position) => {
    const units = Exact.of(item.units);
    const precise = units.mul(item.unitAmountMinor);
    return newFee({
      key: itemKey(item, position),
      kind: item.kind,
      itemId: item.itemId,
      itemCode: item.code,
      itemName: item.name,
      itemDescription: item.description,
      displayName: item.displayName ?? item.name,
      units: Exact.of(item.shownUnits ?? item.units),
      amountMinor: precise.roundToBigInt(),
      preciseAmountMinor: precise.round(PRECISE_SCALE),
      unitAmountMinor: item.unitAmountMinor,
      preciseUnitAmount: Exact.of(item.unitAmountMinor).pow10(-exponentOf(currency)),
      working: newWorking(currency, {
        kind: item.kind,
        period: item.from !== null && item.to !== null ? { from: item.from, to: item.to } : null,
        metricName: item.name,
        units: units.toString(),
        rows: [
          {
            kind: 'units',
            units: units.toString(),
            rate: majorText(item.unitAmountMinor, currency),
            amount: majorText(precise, currency),
          },
        ],
      }),
      from: item.from,
      to: item.to,
    });
  });
}
