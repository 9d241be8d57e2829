import { periodWords } from '@/components/features/period-words';
import { formatAmount } from '@/components/format-amount';
import { formatInstant } from '@/components/format-date';
import type { StateKind } from '@/components/ui/state';
import type { Right } from '@/lib/auth/rights';
import { lastFreeMoment } from '@/lib/billing/periods/trial';
import type { WorkKind, WorkRow } from '@/lib/queries/console/today';
import { usualWords } from '../invoices/_list/usual';
import { failureWords } from '../payments/failure-words';

export interface WorkWords {
  state: { kind: StateKind; words: string };
  sentence: string;
  /** Under the amount: "since 4 Oct", "a month after". */
  meta: string;
  act: string;
  href: string;
  /** What the act takes; who has not got it opens the customer instead. */
  right?: Right;
}

export const KIND_NAMES: Record<WorkKind, string> = {
  parked: 'Work set aside',
  failed: 'Failed payments',
  trials: 'Trials ending in 7 days',
  drafts: 'Drafts that look odd',
  approvals: 'Approvals',
  credits: 'Credits ending in 30 days',
};

/** Beside the sum of a kind: what the money means. */
export const KIND_MONEY: Record<WorkKind, string> = {
  parked: '',
  failed: 'at risk',
  trials: 'in base prices',
  drafts: '',
  approvals: '',
  credits: 'unused',
};

/** One thing to do in words: what is wrong, since when, and the press that goes on. */
export function workWords(row: WorkRow, now: number, timezone: string): WorkWords {
  const zone = row.timezone ?? timezone;
  const day = formatInstant(row.at, zone, 'weekday', now);
  const short = formatInstant(row.at, zone, 'day', now);
  const customer = `/customers/${row.customerId}`;
  switch (row.kind) {
    case 'parked':
      return {
        state: { kind: 'bad', words: 'Set aside' },
        sentence: `${DUE_WORDS[row.number ?? ''] ?? 'Something that was due'} could not be done after 3 tries: ${row.detail ?? 'no reason was given'}. Later bills wait for it.`,
        meta: `since ${short}`,
        act: 'Open',
        href: row.customerId ? customer : '/activity?view=all',
      };
    case 'failed':
      return {
        state: { kind: 'bad', words: row.actorName === 'failed' ? 'Payment failed' : 'Past due' },
        sentence: `${row.detail ? failureWords(row.detail) : row.actorName === 'failed' ? 'The payment did not go through' : 'Nothing has come in yet'}. Invoice ${row.number ?? ''}.`,
        // A card may be refused before the bill is due.
        meta: `${row.at > now ? 'due' : 'since'} ${short}`,
        act: 'Open invoice',
        href: `/invoices/${row.invoiceId}`,
      };
    case 'trials': {
      const [plan, interval] = (row.detail ?? '').split('|');
      return {
        state: { kind: 'warn', words: 'Trial ending' },
        sentence: `Free through ${formatInstant(lastFreeMoment(row.at, zone), zone, 'weekday', now)}, then ${plan ?? 'its plan'} begins.`,
        meta: `${periodWords(interval ?? 'monthly')} after`,
        act: 'Extend trial',
        href: `${customer}?act=extend-trial`,
        right: 'trial.extend',
      };
    }
    case 'drafts':
      return {
        state: { kind: 'warn', words: 'Odd draft' },
        sentence: `${capital(usualWords({ totalMinor: row.amountMinor ?? '0', usualMinor: row.detail }).words)}, ${formatAmount(BigInt(row.detail ?? '0'), row.currency ?? 'USD')}. Goes out ${day}.`,
        meta: 'draft',
        act: 'Look at draft',
        href: `/invoices/${row.invoiceId}`,
      };
    case 'approvals':
      return {
        state: { kind: 'info', words: 'Approval' },
        sentence: `${row.actorName ?? 'Somebody'} asks: ${row.detail ?? 'an act over the limit'}.`,
        meta: `asked ${formatInstant(row.at, timezone, 'day', now)}`,
        act: 'Decide',
        href: `/approvals?request=${row.id}`,
      };
    default:
      return {
        state: { kind: 'info', words: 'Credits ending' },
        sentence: `${formatAmount(BigInt(row.amountMinor ?? '0'), row.currency ?? 'USD')} of ${formatAmount(BigInt(row.detail ?? '0'), row.currency ?? 'USD')} is unused and good through ${formatInstant(row.at - 1, zone, 'weekday', now)}.`,
        meta: 'unused',
        act: 'Open',
        href: customer,
      };
  }
}

/** What falls due, as it is said in a sentence's beginning. */
const DUE_WORDS: Record<string, string> = {
  'subscription.activate': 'Starting the subscription',
  'subscription.bill': 'Making the bill',
  'subscription.trial_end': 'Ending the trial',
  'subscription.end': 'Ending the subscription',
  'subscription.termination_alert': 'Reminding of the agreed end',
  'invoice.refresh': 'Working the draft out afresh',
  'invoice.finalize': 'Issuing the invoice',
  'invoice.release': 'Issuing the held invoice',
  'invoice.overdue': 'Marking the invoice late',
  'coupon.expire': 'Ending the discount',
  'wallet.expire': 'Ending the credits',
  'credit_lot.expire': 'Ending a grant of credits',
  'top_up_rule.expire': 'Ending the automatic top-up',
  'wallet.interval_top_up': 'Topping credits up',
  'customer.dun': 'Asking for late money again',
  'usage.check': 'Checking use against thresholds',
};

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const DAY = 86_400_000;

/** When to do it: what went wrong and what leaves within a day first, then this week, then the rest. */
export function urgency(row: WorkRow, now: number): 'first' | 'week' | 'later' {
  if (row.kind === 'parked' || row.kind === 'failed' || row.kind === 'approvals') return 'first';
  const left = row.at - now;
  if (left <= 2 * DAY) return 'first';
  return left <= 7 * DAY ? 'week' : 'later';
}

/** Amounts of one kind per currency, joined but never added across. */
export function kindMoney(rows: readonly WorkRow[], kind: WorkKind): string {
  const sums = new Map<string, bigint>();
  for (const row of rows) {
    if (row.kind !== kind || !row.amountMinor || !row.currency) continue;
    sums.set(row.currency, (sums.get(row.currency) ?? 0n) + BigInt(row.amountMinor));
  }
  const said = [...sums].map(([currency, sum]) => formatAmount(sum, currency)).join(', ');
  return said && [said, KIND_MONEY[kind]].filter(Boolean).join(' ');
}
