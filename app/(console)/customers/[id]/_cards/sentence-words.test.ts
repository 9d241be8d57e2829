import { describe, expect, it } from 'vitest';
import type { Outlook } from '@/lib/commands/preview/types';
import { type Situation, situationPieces } from './sentence-words';

const trying: Situation = {
  status: 'trying',
  planName: 'Crew',
  since: '17 Sep',
  priceMinor: '14000',
  interval: 'monthly',
  currency: 'USD',
  billsUse: true,
  lastFreeDay: '2026-10-16',
  edgeDay: null,
  endDay: null,
  owesMinor: '0',
  creditsMinor: '5000',
  creditsEnd: '2026-12-31',
  creditLots: 1,
  otherPlans: 0,
};

const outlook: Outlook = {
  currency: 'USD',
  timezone: 'UTC',
  plan: { code: 'crew', name: 'Crew', amountMinor: '14000', interval: 'monthly' },
  trial: { lastFreeDay: '2026-10-30', firstPaidDay: '2026-10-31' },
  pendingPlan: null,
  creditsMinor: '5000',
  owesMinor: '0',
  discounts: [],
  nextBills: [{ date: '2026-11-01', totalMinor: '33585', exact: false, lines: [] }],
};

const today = '2026-10-13';
const text = (situation: Situation, now: Outlook | null = null, after: Outlook | null = null) =>
  situationPieces(situation, today, now, after)
    .map((piece) => piece.text)
    .join('')
    .trim();

describe('the sentence about a customer', () => {
  it('tells a trial', () => {
    expect(text(trying)).toBe(
      'Trying Crew since 17 Sep, free through Fri 16 Oct, then $140.00 a month plus use. Owes nothing. $50.00 of credits, good to Thu 31 Dec.',
    );
  });

  it('shows a proposed change beside what it replaces, and only that in ink', () => {
    const pieces = situationPieces(trying, today, null, outlook);
    expect(pieces.filter(({ tone }) => tone === 'was').map((piece) => piece.text)).toEqual(['Fri 16 Oct']);
    expect(pieces.filter(({ tone }) => tone === 'ink').map((piece) => piece.text)).toEqual(['Fri 30 Oct']);
  });

  it('tells the next bill of a paying customer, and a plan that was never there', () => {
    const paying: Situation = {
      ...trying,
      status: 'paying',
      since: 'March 2025',
      creditsMinor: '0',
      owesMinor: '2400',
    };
    expect(text(paying, outlook)).toBe(
      'On Crew since March 2025, $140.00 a month plus use. Next bill about $335.85 on Sun 1 Nov. Owes $24.00.',
    );
    expect(text({ ...trying, status: 'none', creditsMinor: '0' })).toBe(
      'No plan yet, so nothing is billed. Owes nothing.',
    );
    expect(text({ ...trying, status: 'ended', edgeDay: '2026-06-04', creditsMinor: '0' })).toBe(
      'Left Crew on Thu 4 Jun. Owes nothing.',
    );
  });

  it('tells a pause, what pausing would make of it, and a trial that is to end now', () => {
    const paying: Situation = { ...trying, status: 'paying', lastFreeDay: null, creditsMinor: '0' };
    const stopped: Outlook = { ...outlook, plan: null, trial: null, nextBills: [], creditsMinor: '0' };
    expect(text(paying, outlook, stopped)).toContain('On Crew since 17 Sep nothing from today, ');
    expect(text(paying, outlook, stopped)).toContain('on Sun 1 Nov none. ');
    const paused: Situation = { ...paying, status: 'paused', edgeDay: '2026-10-12' };
    expect(text(paused, stopped)).toBe(
      'Paused Crew from Mon 12 Oct. Nothing is billed until it is resumed. Owes nothing.',
    );
    expect(text(paused, stopped, outlook)).toContain('On Crew from today.');
    expect(text(trying, outlook, { ...outlook, trial: null })).toContain('free through Fri 16 Oct yesterday');
  });
});
