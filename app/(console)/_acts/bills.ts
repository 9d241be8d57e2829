import type { ForecastBill, Outlook } from '@/lib/commands/preview/types';

type Bills = Pick<Outlook, 'trial' | 'nextBills'>;

/** The bills a page speaks of: for somebody trying those from the first paid day on, else all. */
export const billsToCome = ({ trial, nextBills }: Bills): ForecastBill[] =>
  trial ? nextBills.filter((bill) => bill.date >= trial.firstPaidDay) : nextBills;

/** Bills that come while the plan is still free: they hold use only. */
export const billsInTrial = ({ trial, nextBills }: Bills): ForecastBill[] =>
  trial ? nextBills.filter((bill) => bill.date < trial.firstPaidDay) : [];
