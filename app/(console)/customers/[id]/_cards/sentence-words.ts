import { periodWords } from '@/components/features/period-words';
import { formatAmount } from '@/components/format-amount';
import { formatDay } from '@/components/format-date';
import type { Outlook } from '@/lib/commands/preview/types';

/** A piece of the sentence: plain words, a printed figure, what is no longer true, or what is proposed. */
export interface Piece {
  text: string;
  tone?: 'figure' | 'was' | 'ink';
}

export interface Situation {
  status: 'trying' | 'paying' | 'pending' | 'paused' | 'ended' | 'none';
  planName: string | null;
  /** "17 September" or "March 2025", in words already. */
  since: string | null;
  priceMinor: string | null;
  interval: string | null;
  currency: string;
  billsUse: boolean;
  lastFreeDay: string | null;
  /** Day it starts, for a plan still to come; day it ended or was paused, for one that is over. */
  edgeDay: string | null;
  /** The day a running plan ends, when that is agreed. */
  endDay: string | null;
  owesMinor: string;
  creditsMinor: string;
  creditsEnd: string | null;
  /** How many separate grants are left. */
  creditLots: number;
  otherPlans: number;
}

const figure = (text: string): Piece => ({ text, tone: 'figure' });

/** Before and after side by side when they differ: the old ruled through, the new in ink. */
function moved(before: string, after: string | null): Piece[] {
  if (after === null || after === before) return [figure(before)];
  return [{ text: before, tone: 'was' }, { text: ' ' }, { text: after, tone: 'ink' }];
}

/**
 * A customer's situation in one or two sentences. `outlook` adds the next bill; `after` is what a proposed change would
 * make of it. `today` is the customer's local day.
 */
export function situationPieces(
  now: Situation,
  today: string,
  outlook: Outlook | null,
  after: Outlook | null,
): Piece[] {
  const day = (iso: string) => formatDay(iso, today);
  return [
    ...planPieces(now, day, after),
    ...pendingPieces(now, day, outlook, after),
    ...billPieces(now, day, outlook, after),
    ...moneyPieces(now, day, after),
  ];
}

type Day = (iso: string) => string;

function planPieces(now: Situation, day: Day, after: Outlook | null): Piece[] {
  const price = (minor: string) => formatAmount(BigInt(minor), now.currency);
  const others = now.otherPlans > 0 ? ` and ${now.otherPlans} more` : '';
  const plan = `${now.planName ?? ''}${others}`;
  if (now.status === 'none') return [{ text: 'No plan yet, so nothing is billed. ' }];
  if (now.status === 'ended')
    return [{ text: `Left ${plan}${now.edgeDay ? ` on ${day(now.edgeDay)}` : ''}. ` }];
  if (now.status === 'paused') return pausedPieces(plan, now, day, after);
  if (now.status === 'pending') {
    return [{ text: `Starts ${plan}${now.edgeDay ? ` on ${day(now.edgeDay)}` : ''}. ` }];
  }
  const stops = after !== null && after.plan === null;
  const newPlan = after?.plan && after.plan.name !== now.planName ? after.plan : null;
  const period = periodWords(newPlan?.interval ?? now.interval ?? 'monthly');
  const cost: Piece[] =
    now.priceMinor === null
      ? []
      : newPlan
        ? [{ text: price(newPlan.amountMinor), tone: 'ink' }]
        : [figure(price(now.priceMinor))];
  const since = now.since ? ` since ${now.since}` : '';
  const name: Piece[] = stops
    ? [{ text: `${plan}${since}`, tone: 'was' }, { text: ' ' }, { text: 'nothing from today', tone: 'ink' }]
    : newPlan
      ? [
          { text: `${plan}${since}`, tone: 'was' },
          { text: ' ' },
          { text: `${newPlan.name} from today`, tone: 'ink' },
        ]
      : [{ text: `${plan}${since}` }];
  const tail = { text: ` ${period}${now.billsUse ? ' plus use' : ''}. ` };
  if (now.status === 'trying' && now.lastFreeDay) {
    const free = after && !stops ? (after.trial ? day(after.trial.lastFreeDay) : 'yesterday') : null;
    return [
      { text: 'Trying ' },
      ...name,
      { text: ', free through ' },
      ...moved(day(now.lastFreeDay), free),
      { text: ', then ' },
      ...cost,
      tail,
    ];
  }
  return [{ text: 'On ' }, ...name, { text: ', ' }, ...cost, tail];
}

function pausedPieces(plan: string, now: Situation, day: Day, after: Outlook | null): Piece[] {
  const rest = 'Nothing is billed until it is resumed. ';
  return [
    { text: `Paused ${plan}${now.edgeDay ? ` from ${day(now.edgeDay)}` : ''}. ` },
    ...(after?.plan
      ? [
          { text: rest.trim(), tone: 'was' as const },
          { text: ' ' },
          { text: `On ${after.plan.name} from today.`, tone: 'ink' as const },
          { text: ' ' },
        ]
      : [{ text: rest }]),
  ];
}

function pendingPieces(now: Situation, day: Day, outlook: Outlook | null, after: Outlook | null): Piece[] {
  const pending = (after ?? outlook)?.pendingPlan;
  if (pending) {
    const fresh = after !== null && outlook?.pendingPlan?.code !== pending.code;
    const text = `${pending.name} from ${day(pending.from)}`;
    return [{ text: 'Changes to ' }, fresh ? { text, tone: 'ink' } : figure(text), { text: '. ' }];
  }
  return now.endDay ? [{ text: 'Ends on ' }, figure(day(now.endDay)), { text: '. ' }] : [];
}

function billPieces(now: Situation, day: Day, outlook: Outlook | null, after: Outlook | null): Piece[] {
  if (now.status !== 'paying') return [];
  const say = (from: Outlook | null) => {
    const bill = from?.nextBills[0];
    return bill
      ? `${bill.exact ? '' : 'about '}${formatAmount(BigInt(bill.totalMinor), now.currency)} on ${day(bill.date)}`
      : from && 'none';
  };
  const before = say(outlook);
  return before && before !== 'none'
    ? [{ text: 'Next bill ' }, ...moved(before, say(after)), { text: '. ' }]
    : [];
}

function moneyPieces(now: Situation, day: Day, after: Outlook | null): Piece[] {
  const amount = (minor: string) => formatAmount(BigInt(minor), now.currency);
  const owes: Piece[] =
    BigInt(now.owesMinor) > 0n
      ? [{ text: 'Owes ' }, figure(amount(now.owesMinor)), { text: '. ' }]
      : [{ text: 'Owes nothing.' }];
  const credits = after?.creditsMinor ?? now.creditsMinor;
  if (BigInt(now.creditsMinor) <= 0n && BigInt(credits) <= 0n) return owes;
  const end =
    now.creditsEnd && after === null
      ? `, ${now.creditLots > 1 ? 'the first ' : 'good '}to ${day(now.creditsEnd)}`
      : '';
  return [
    ...owes,
    { text: ' ' },
    ...moved(amount(now.creditsMinor), after ? amount(credits) : null),
    { text: ` of credits${end}.` },
  ];
}
