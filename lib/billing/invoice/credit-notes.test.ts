import { describe, expect, it } from 'vitest';
import { settleFees } from './compute.ts';
import { invoice, note, tax } from './testing/facts-builder.ts';
import { feesWorth, texts } from './testing/lines.ts';

describe('credit notes (11.5)', () => {
  it('20 then 50 on lines of 60 and 40 give shares of 42 and 28', () => {
    const result = settleFees(
      invoice({ creditNotes: [note('b', 50n, 2), note('a', 20n, 1)] }),
      feesWorth(60n, 40n),
    );
    expect(result.creditNotes).toEqual([
      { creditNoteId: 'a', amountMinor: 20n },
      { creditNoteId: 'b', amountMinor: 50n },
    ]);
    expect(texts(result.fees.map((fee) => fee.preciseCreditNotesAmountMinor))).toEqual(['42', '28']);
    expect(result.totalAmountMinor).toBe(30n);
  });
  it('893 + 179 less a note of 643 is 429', () => {
    const facts = invoice({
      creditNotes: [note('a', 643n), note('usd', 500n, 0, 'USD')],
      entityTaxes: [tax('20')],
    });
    expect(settleFees(facts, feesWorth(893n)).totalAmountMinor).toBe(429n);
  });
});
