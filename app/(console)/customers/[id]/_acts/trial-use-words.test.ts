import { describe, expect, it } from 'vitest';
import type { BillLine, ForecastBill, PreviewResult } from '@/lib/commands/preview/types';
import { trialUseWords } from './trial-use-words';

const line = (kind: BillLine['kind'], amount: number): BillLine => ({
  label: kind,
  name: kind,
  working: null,
  amountMinor: String(amount),
  exact: true,
  kind,
});
const bill = (lines: BillLine[], exact = true): ForecastBill => ({
  date: '2026-10-17',
  totalMinor: String(lines.reduce((sum, { amountMinor }) => sum + Number(amountMinor), 0)),
  exact,
  lines,
});
const say = (...nextBills: ForecastBill[]) =>
  trialUseWords(
    3,
    {
      after: {
        currency: 'USD',
        trial: { lastFreeDay: '2026-10-30', firstPaidDay: '2026-10-31' },
        nextBills,
      },
    } as PreviewResult,
    '2026-10-13',
  );

describe('what a trial says of use', () => {
  it('tells what is due, and when', () =>
    expect(say(bill([line('use', 229)], false))).toBe(
      'The plan itself is free in the trial. Use is billed: about $2.29 on Sat 17 Oct.',
    ));

  it('does not call a bill nothing because credits pay it', () => {
    expect(say(bill([line('use', 229), line('credit', -229)]))).toContain(
      'Use is billed: $2.29 on Sat 17 Oct, which credits pay.',
    );
    expect(say(bill([line('use', 229), line('credit', -100)]))).toContain(
      '$2.29 on Sat 17 Oct, $1.00 of it from credits.',
    );
  });

  it('explains the bill of nothing that still comes', () =>
    expect(say(bill([]))).toContain('so that bill comes to $0.00'));

  it('knows when no bill comes at all', () => {
    expect(say()).toContain('No bill comes before its end.');
    expect(trialUseWords(0, null, '2026-10-13')).toContain('no usage price');
  });
});
