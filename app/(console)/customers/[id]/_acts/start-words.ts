import { formatDay, zonePlace } from '@/components/format-date';
import { dayOf, startOf } from '@/lib/billing/periods/browser-zone';
import { addDays } from '@/lib/billing/periods/calendar';
import type { PreviewResult } from '@/lib/commands/preview/types';
import type { ActFacts } from './types';

const CALENDAR: Record<string, string> = {
  weekly: 'Each Monday',
  monthly: 'On the 1st of each month',
  quarterly: 'On the 1st of January, April, July, October',
  semiannual: 'On the 1st of January and July',
  yearly: 'On the 1st of January',
};

/** How the two ways of counting periods fall for a plan that starts on a day. */
export function billingWords(interval: string, startDay: string) {
  const [weekday, day, month] = formatDay(startDay, startDay).split(' ');
  const own: Record<string, string> = {
    weekly: `Each ${weekday}`,
    monthly: `On day ${day} of each month`,
    yearly: `On ${day} ${month}`,
  };
  return [
    {
      value: 'calendar' as const,
      label: 'By the calendar',
      detail: `${CALENDAR[interval] ?? 'On the 1st'}; a first part is paid by days`,
    },
    {
      value: 'anniversary' as const,
      label: 'From the start day',
      detail: `${own[interval] ?? `Counted from ${day} ${month}`}; whole periods`,
    },
  ];
}

const DAY_MS = 86_400_000;

/** The plan's trial as it falls for this customer. `trialDays` is a decimal. */
export function trialWords(
  trialDays: string,
  startDay: string,
  { today, timezone }: Pick<ActFacts, 'today' | 'timezone'>,
  preview: PreviewResult | null,
): string {
  const days = Number(trialDays);
  if (days === 0) return 'This plan has no trial: it is paid from its first day.';
  const trial = preview?.after.trial;
  const last = trial
    ? trial.lastFreeDay
    : addDays(dayOf(startOf(startDay, timezone) + days * DAY_MS, timezone), -1);
  const length = `${days} ${days === 1 ? 'day' : 'days'}`;
  return `Free for ${length} from ${formatDay(startDay, today)}, through ${formatDay(last, today)} in ${zonePlace(timezone)}.`;
}

/** What the start settles, and what the bills will lack: said before, not found after. */
export function standingWords(
  { currencySettled, withoutPlan }: Pick<ActFacts, 'currencySettled' | 'withoutPlan'>,
  currency: string,
  preview: PreviewResult | null,
): string[] {
  const said: string[] = [];
  if (!currencySettled) said.push(`It settles that they pay in ${currency}.`);
  if (!withoutPlan) said.push('It runs beside what they have.');
  const lines = preview
    ? [...preview.dueNow.lines, ...preview.after.nextBills.flatMap((bill) => bill.lines)]
    : [];
  if (lines.length > 0 && !lines.some(({ kind }) => kind === 'tax')) {
    said.push('No tax is on the bill: none is set for them.');
  }
  return said;
}
