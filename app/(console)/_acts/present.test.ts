import { describe, expect, it } from 'vitest';
import type { Outlook, PreviewResult } from '@/lib/commands/preview/types';
import { deltaRows } from './delta-rows';
import { actWords, presentPreview, receiptOf, sawWords, undoPromise } from './present';

const bill = (date: string, totalMinor: string, exact = true) => ({ date, totalMinor, exact, lines: [] });

const outlook: Outlook = {
  currency: 'USD',
  timezone: 'America/Halifax',
  plan: { code: 'crew', name: 'Crew', amountMinor: '14000', interval: 'monthly' },
  trial: { lastFreeDay: '2026-10-16', firstPaidDay: '2026-10-17' },
  pendingPlan: null,
  creditsMinor: '5000',
  owesMinor: '0',
  discounts: [],
  nextBills: [bill('2026-10-17', '14000'), bill('2026-11-17', '14000'), bill('2026-12-17', '14000')],
};

const preview: PreviewResult = {
  command: 'subscriptions/extend-trial',
  title: 'Extend trial by 14 days',
  asOf: Date.parse('2026-10-13T09:24:08Z'),
  token: 'sealed',
  before: outlook,
  after: {
    ...outlook,
    trial: { lastFreeDay: '2026-10-30', firstPaidDay: '2026-10-31' },
    nextBills: [bill('2026-10-31', '14000'), bill('2026-11-30', '14000'), bill('2026-12-31', '14000')],
  },
  dueNow: { totalMinor: '0', lines: [] },
  givenAwayMinor: '0',
  postponedMinor: '6323',
  limit: { within: true, sentence: 'Within your limit: 14 of 30 days at a time', approver: null },
  twin: null,
  warnings: [],
  undo: {
    class: 'reversible',
    until: null,
    sentence: 'Can be undone until Fri 16 Oct, end of day in Halifax.',
  },
};

const shown = { today: '2026-10-13', timezone: 'Europe/Lisbon' };
const row = (label: string) => deltaRows(preview, shown.today).find((found) => found.label === label);

describe('a preview in words', () => {
  it('answers days, due now, the bills and what is postponed', () => {
    expect(row('Last free day')).toMatchObject({
      now: 'Fri 16 Oct',
      after: 'Fri 30 Oct',
      difference: '14 days later',
      changed: true,
    });
    expect(row('Due now')).toMatchObject({ after: '$0.00', difference: 'no invoice made', changed: false });
    expect(row('First bill')).toMatchObject({ now: '$140.00', after: '$140.00', difference: 'no change' });
    expect(row('Next three bills')).toMatchObject({ after: '$420.00', changed: false });
    expect(row('Postponed')).toMatchObject({ after: '$63.23', difference: 'comes later, not lost' });
    expect(row('Given away')).toBeUndefined();
  });

  it('says "about" as soon as one bill is an estimate', () => {
    const guessed = { ...preview, after: { ...outlook, nextBills: [bill('2026-10-17', '33585', false)] } };
    const [first] = deltaRows(guessed, shown.today).filter((found) => found.label.startsWith('First bill'));
    expect(first).toMatchObject({ after: 'about $335.85', difference: 'about +$195.85' });
    expect(presentPreview(guessed, shown).exactness.exact).toBe(false);
  });

  it('puts the amount, or who decides, on the button', () => {
    expect(actWords(preview)).toBe('Extend trial by 14 days');
    const charged = { ...preview, title: 'Change to Studio', dueNow: { totalMinor: '34797', lines: [] } };
    expect(actWords(charged)).toBe('Change to Studio, charge $347.97');
    const over = {
      ...preview,
      givenAwayMinor: '75000',
      limit: { within: false, sentence: '', approver: 'Tomas' },
    };
    expect(actWords(over)).toBe('Send to Tomas, $750.00');
  });

  it('splits the way back into its promise and the rest', () => {
    expect(undoPromise(preview)).toEqual({
      kind: 'reversible',
      headline: 'Can be undone until Fri 16 Oct',
      detail: ', end of day in Halifax.',
    });
  });

  it('tints only what moved since it was seen', () => {
    const fresh = { ...preview, postponedMinor: '7000' };
    const moved = presentPreview(fresh, shown, preview).rows.filter((found) => found.moved);
    expect(moved.map(({ label }) => label)).toEqual(['Postponed']);
    expect(sawWords(preview, shown.timezone)).toBe('a next bill of $140.00 at 10:24');
  });

  it('leaves a receipt of the bills, with the reason in words', () => {
    const receipt = receiptOf(preview, { reason: 'onboarding_delay', note: 'ticket 7316' }, shown);
    expect(receipt.story).toBe('By you, Onboarding delay: “ticket 7316”.');
    expect(receipt.rows.map(({ label }) => label)).toContain('First bill');
  });
});

describe('rows that would be empty', () => {
  it('an act about no customer speaks of what it moves, not of bills', () => {
    const limit: PreviewResult = {
      ...preview,
      nobody: true,
      moves: [{ what: 'Support: free credits at a time', from: '$750.00', to: '$500.00' }],
    };
    expect(deltaRows(limit, shown.today)).toEqual([
      {
        label: 'Support: free credits at a time',
        now: '$750.00',
        after: '$500.00',
        difference: '',
        changed: true,
      },
    ]);
  });

  it('somebody without bills is told so', () => {
    const paused = { ...outlook, trial: null, plan: null, nextBills: [] };
    const rows = deltaRows({ ...preview, before: paused, after: paused, postponedMinor: '0' }, shown.today);
    expect(rows.find(({ label }) => label === 'Next bill')).toMatchObject({
      now: 'none',
      after: 'none',
      difference: 'nothing runs that bills',
    });
    expect(rows.every(({ now, after }) => now !== '—' && after !== '—')).toBe(true);
  });

  it('an act on an invoice speaks of that invoice first', () => {
    const figures = {
      name: 'Invoice TW-1',
      status: 'finalized' as const,
      lines: [{ key: 'a', name: 'Minutes', units: '4', amountMinor: '400' }],
      totalMinor: '400',
      dueMinor: '400',
      refundedMinor: '0',
    };
    const rows = deltaRows(
      {
        ...preview,
        invoice: { before: figures, after: { ...figures, status: 'voided', dueMinor: '0' } },
      },
      shown.today,
    );
    expect(rows.slice(0, 2)).toMatchObject([
      { label: 'Invoice TW-1', now: 'issued', after: 'cancelled' },
      { label: 'Still due on it', now: '$4.00', after: '$0.00', difference: '\u2212$4.00' },
    ]);
  });
});
