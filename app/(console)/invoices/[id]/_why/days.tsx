import Link from 'next/link';
import { BarSeries } from '@/components/charts/bar-series';
import { includedIn, unitWords } from '@/components/features/price-words';
import { formatDay, formatInstant } from '@/components/format-date';
import { DaysKey, EventTable } from '@/components/invoice/why-panel';
import type { AggregationType } from '@/lib/billing/metering/registry';
import { Exact } from '@/lib/billing/money/exact';
import { formatQuantity } from '@/lib/billing/money/format';
import { addDays, daysBetween, localDate, startOfDay } from '@/lib/billing/periods/zone';
import type { InvoiceFee } from '@/lib/queries/console/invoice';
import { eventsOfDay, usageByDay } from '@/lib/queries/console/usage-by-day';
import { reading } from '../../../_reading/tenant';
import { dayBars, usedUp } from '../../../customers/[id]/_cards/use-figures';

const FIRST_EVENTS = 20;
const ALL_EVENTS = 500;

interface DaysProps {
  fee: InvoiceFee;
  timezone: string;
  /** The day whose events are shown. */
  day: string | undefined;
  all: boolean;
  base: string;
}

function windowOf(fee: InvoiceFee, timezone: string) {
  if (!fee.externalSubscriptionId || !fee.metricCode || fee.from === null || fee.to === null) return null;
  return { externalSubscriptionId: fee.externalSubscriptionId, from: fee.from, to: fee.to + 1, timezone };
}

const meterOf = (fee: InvoiceFee) => ({
  code: fee.metricCode ?? '',
  aggregation: (fee.aggregation ?? 'sum_agg') as AggregationType,
  fieldName: fee.fieldName,
});

/** "38 events add up to 2,140 minutes": what came in on a day and what it comes to by the meter's own rule. */
function eventsWords(fee: InvoiceFee, total: number, counted: string): string {
  const events = `${formatQuantity(String(total))} ${total === 1 ? 'event' : 'events'}`;
  const unit = unitWords(fee.unitName, fee.metricName ?? fee.name);
  const value = Exact.of(counted);
  const said = `${formatQuantity(value.round(2))} ${value.eq(1) ? unit.one : unit.many}`;
  const one = total === 1;
  switch (fee.aggregation) {
    case 'count_agg':
      return events;
    case 'max_agg':
      return `${events}, ${said} at most`;
    case 'latest_agg':
      return `${events}, ${said} at last`;
    case 'unique_count_agg':
      return `${events}, ${said}`;
    default:
      return `${events} ${one ? 'adds' : 'add'} up to ${said}`;
  }
}

/** One bar a day with the included amount drawn in; a press on a day shows what came in on it. */
export async function LineDays({ fee, timezone, day, base }: DaysProps) {
  const window = windowOf(fee, timezone);
  if (!window || !fee.metricCode) return null;
  const meter = meterOf(fee);
  const used = await reading(({ tx, organizationId }) => usageByDay(tx, organizationId, window, [meter]));
  const firstDay = localDate(window.from, timezone);
  const lastDay = localDate(window.to - 1, timezone);
  const included = fee.filtered ? null : includedIn(fee.chargeModel ?? '', fee.chargeProperties ?? {});
  const mark = usedUp(used, firstDay, included);
  const days = daysBetween(firstDay, lastDay) + 1;
  return (
    <>
      <div className="flex items-baseline gap-3">
        <h2 className="flex-1 tracking-normal">Day by day</h2>
        {included && <DaysKey />}
      </div>
      <BarSeries
        title={`${fee.metricName ?? fee.name} by day`}
        desc={`From ${formatDay(firstDay, lastDay)} to ${formatDay(lastDay, lastDay)}.`}
        unit={fee.metricName ?? fee.name}
        bars={dayBars(used, { firstDay, days, today: null }, included, day)}
        ends={[
          formatDay(firstDay, lastDay).split(' ').slice(1).join(' '),
          formatDay(lastDay, lastDay).split(' ').slice(1).join(' '),
        ]}
        mark={
          mark && included
            ? {
                after: mark.after,
                label: `${formatQuantity(included)} used up`,
                detail: formatDay(mark.day, lastDay),
              }
            : undefined
        }
        slots={days}
      />
      {used.length > 0 && (
        <p className="mt-2 flex flex-wrap items-center text-xs text-text-3">
          <span className="mr-1">Events of</span>
          {used.map(({ day: iso }) => (
            <Link
              key={iso}
              href={`${base}&day=${iso}`}
              scroll={false}
              replace
              aria-current={iso === day ? 'true' : undefined}
              className={`num grid size-6 place-items-center ${iso === day ? 'font-medium text-ink' : 'hover:text-text'}`}
            >
              {Number(iso.slice(8))}
            </Link>
          ))}
        </p>
      )}
    </>
  );
}

/** The raw rows behind one day, earliest first. */
export async function DayEvents({ fee, timezone, day, all, base }: DaysProps) {
  const whole = windowOf(fee, timezone);
  if (!whole || !fee.metricCode || !day || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const window = {
    ...whole,
    from: Math.max(whole.from, startOfDay(day, timezone)),
    to: Math.min(whole.to, startOfDay(addDays(day, 1), timezone)),
  };
  const limit = all ? ALL_EVENTS : FIRST_EVENTS;
  const meter = meterOf(fee);
  const { rows, total, counted } = await reading(async ({ tx, organizationId }) => ({
    ...(await eventsOfDay(tx, organizationId, window, meter, limit)),
    counted: (await usageByDay(tx, organizationId, window, [meter]))[0]?.value ?? '0',
  }));
  const more = total > rows.length && !all;
  return (
    <EventTable
      day={formatDay(day, day)}
      summary={eventsWords(fee, total, counted)}
      all={
        more && (
          <Link href={`${base}&day=${day}&all=1`} scroll={false} replace className="text-xs text-text-2">
            {total > ALL_EVENTS ? `First ${ALL_EVENTS}` : `All ${total}`}
          </Link>
        )
      }
      rows={rows.map((row) => ({
        id: row.id,
        time: formatInstant(row.at, timezone, 'time'),
        name: row.transactionId,
        value: row.value === null ? '' : Exact.parse(row.value) ? formatQuantity(row.value) : row.value,
      }))}
    />
  );
}
