import { Exact } from '../money/exact.ts';
import type { CreditNoteFacts } from './facts.ts';
import type { FeeResult, InvoiceResult } from './result.ts';
import { minOf, owedOf, SHARE_SCALE } from './spread.ts';

export interface CreditNoteStep {
  fees: FeeResult[];
  uses: InvoiceResult['creditNotes'];
  amountMinor: bigint;
}

/** Spreads a note over the lines in proportion to what each still asks for, tax included (semantics 11.5). */
function spread(fees: readonly FeeResult[], amountMinor: bigint): FeeResult[] {
  const owed = fees.map(owedOf);
  const total = Exact.sum(owed);
  if (!total.isPositive()) return [...fees];
  return fees.map((fee, i) => {
    const share = Exact.of(amountMinor).mul(owed[i]!).div(total);
    const all = fee.preciseCreditNotesAmountMinor.add(share).round(SHARE_SCALE);
    return { ...fee, preciseCreditNotesAmountMinor: all };
  });
}

/** Consumes the customer's notes, oldest first, each up to what the invoice still asks for; never touches taxes. */
export function applyCreditNotes(
  fees: readonly FeeResult[],
  owedMinor: bigint,
  notes: readonly CreditNoteFacts[],
  currency: string,
): CreditNoteStep {
  let lines = [...fees];
  let left = owedMinor;
  const uses: InvoiceResult['creditNotes'] = [];
  const usable = notes
    .filter((note) => note.currency === currency && note.balanceMinor > 0n)
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  for (const { id, balanceMinor } of usable) {
    const amountMinor = minOf(balanceMinor, left);
    if (amountMinor <= 0n) break;
    lines = spread(lines, amountMinor);
    left -= amountMinor;
    uses.push({ creditNoteId: id, amountMinor });
  }
  return { fees: lines, uses, amountMinor: owedMinor - left };
}
