import { BarSeries } from '@/components/charts/bar-series';
import { unitWords } from '@/components/features/price-words';
import { formatDay } from '@/components/format-date';
import { Card } from '@/components/ui/surface';
import { EmptyState } from '@/components/ui/waiting';
import { Exact } from '@/lib/billing/money/exact';
import { formatQuantity } from '@/lib/billing/money/format';
import { addDays, localDate, startOfDay } from '@/lib/billing/periods/zone';
import { type MeterUse, meterUse } from '@/lib/queries/console/insights';
import { reading } from '../../_reading/tenant';
import { dayBars, shortQuantity } from '../../customers/[id]/_cards/use-figures';

const DAYS = 30;

/** Use of each meter over all customers in the last 30 days, and against the 30 before. */
export async function UseReport({ timezone }: { timezone: string }) {
  const { meters, today } = await reading(async ({ tx, organizationId, now }) => {
    const day = localDate(now, timezone);
    const from = startOfDay(addDays(day, 1 - 2 * DAYS), timezone);
    return { meters: await meterUse(tx, organizationId, timezone, from, now), today: day };
  });
  if (meters.length === 0) {
    return (
      <EmptyState title="Nothing is counted yet">
        Meters come from your programs, over the API. Once events arrive, each meter shows here by day.
      </EmptyState>
    );
  }
  return (
    <>
      <p className="max-w-160 text-base text-pretty text-text-2">
        What all customers used in the last {DAYS} days, {formatDay(addDays(today, 1 - DAYS), today)} to{' '}
        {formatDay(today, today)}. These are counted units, not billed amounts.
      </p>
      <div className="mt-5 grid gap-4 @3xl:grid-cols-2">
        {meters.map((meter) => (
          <MeterCard key={meter.code} meter={meter} today={today} />
        ))}
      </div>
    </>
  );
}

function MeterCard({ meter, today }: { meter: MeterUse; today: string }) {
  const firstDay = addDays(today, 1 - DAYS);
  const sum = (days: MeterUse['days']) => Exact.sum(days.map((day) => Exact.of(day.value)));
  const recent = meter.days.filter(({ day }) => day >= firstDay);
  const now = sum(recent);
  const before = sum(meter.days.filter(({ day }) => day < firstDay));
  const change = before.isPositive() ? now.sub(before).mul(100n).div(before).round(0) : null;
  const words =
    change === null
      ? 'nothing in the 30 days before'
      : change.isZero()
        ? 'as in the 30 days before'
        : `${formatQuantity(change.abs())}% ${change.isNegative() ? 'less' : 'more'} than in the 30 days before`;
  return (
    <Card label={meter.name}>
      <div className="flex items-baseline gap-2">
        <h2 className="flex-1 tracking-normal">{meter.name}</h2>
        <span className="text-xs text-text-3">{words}</span>
      </div>
      <p className="num mt-0.5 text-lg font-semibold tracking-tight">
        {shortQuantity(now)}{' '}
        <span className="text-xs font-normal text-text-3">{unitWords(meter.unitName, meter.name).many}</span>
      </p>
      <BarSeries
        title={`${meter.name} by day`}
        desc={`The last ${DAYS} days; today is not over.`}
        unit={meter.name}
        bars={dayBars(
          recent.map(({ day, value }) => ({ code: meter.code, day, value, events: 0 })),
          { firstDay, days: DAYS, today },
          null,
        )}
        ends={[
          formatDay(firstDay, today).split(' ').slice(1).join(' '),
          formatDay(today, today).split(' ').slice(1).join(' '),
        ]}
        slots={DAYS}
      />
    </Card>
  );
}
