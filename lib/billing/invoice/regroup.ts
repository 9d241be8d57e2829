import { Exact } from '../money/exact.ts';
import type { TaxFacts } from './tax-facts.ts';

/** Lines that the client collected itself, with the taxes each was rounded to then. Amounts in minor units. */
export interface RegroupFacts {
  engineVersion: string;
  type: 'advance_charges';
  currency: string;
  lines: { id: string; amountMinor: bigint; taxes: { tax: TaxFacts; amountMinor: bigint }[] }[];
}

export interface RegroupResult {
  feesAmountMinor: bigint;
  taxesAmountMinor: bigint;
  taxesRate: Exact;
  totalAmountMinor: bigint;
  taxes: { tax: TaxFacts; amountMinor: bigint; feesAmountMinor: bigint }[];
}

/** An `advance_charges` invoice: sums of the lines' own amounts and rounded taxes, nothing worked out anew (semantics 6.11). */
export function regroup({ lines }: RegroupFacts): RegroupResult {
  const byCode = new Map<string, RegroupResult['taxes'][number]>();
  for (const line of lines) {
    for (const { tax, amountMinor } of line.taxes) {
      const before = byCode.get(tax.code) ?? { tax, amountMinor: 0n, feesAmountMinor: 0n };
      byCode.set(tax.code, {
        ...before,
        amountMinor: before.amountMinor + amountMinor,
        feesAmountMinor: before.feesAmountMinor + line.amountMinor,
      });
    }
  }
  const taxes = [...byCode.values()];
  const feesAmountMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const taxesAmountMinor = taxes.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const weighted = taxes.map((line) =>
    Exact.of(line.tax.rate).mul(feesAmountMinor === 0n ? 1n : line.feesAmountMinor),
  );
  return {
    feesAmountMinor,
    taxesAmountMinor,
    taxesRate: Exact.sum(weighted).div(feesAmountMinor === 0n ? 1n : feesAmountMinor),
    totalAmountMinor: feesAmountMinor + taxesAmountMinor,
    taxes,
  };
}
