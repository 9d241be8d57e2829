const BILL_PERIODS: Record<string, string> = {
  weekly: 'a week',
  monthly: 'a month',
  quarterly: 'a quarter',
  semiannual: 'every six months',
  yearly: 'a year',
};

/** "a month", "a year": how often a base price is charged. */
export const periodWords = (interval: string): string => BILL_PERIODS[interval] ?? interval;
