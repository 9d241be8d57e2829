import type { Exact } from '../../money/exact.ts';
import { computeInvoice } from '../compute.ts';
import type { FeeResult } from '../result.ts';
import { invoice } from './facts-builder.ts';

export const texts = (values: Exact[], scale = 5): string[] =>
  values.map((value) => value.toDecimalString(scale));
export const shares = (fees: FeeResult[]): string[] =>
  texts(fees.map((fee) => fee.preciseCouponsAmountMinor));

/** Plain untaxed lines of these amounts. */
export const feesWorth = (...amounts: bigint[]): FeeResult[] =>
  computeInvoice(
    invoice({
      type: 'one_off',
      items: amounts.map((unitAmountMinor, i) => ({
        kind: 'add_on',
        itemId: `${i}`,
        code: `${i}`,
        name: `${i}`,
        description: null,
        displayName: null,
        units: '1',
        unitAmountMinor,
        taxes: [],
        from: null,
        to: null,
      })),
    }),
  ).fees;
