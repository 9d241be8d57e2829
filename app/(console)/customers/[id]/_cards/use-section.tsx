import Link from 'next/link';
import { BarSeries } from '@/components/charts/bar-series';
import { includedIn, priceWords, unitWords } from '@/components/features/price-words';
import { formatDay, formatInstant } from '@/components/format-date';
import { Section } from '@/components/ui/surface';
import { formatQuantity } from '@/lib/billing/money/format';
import { isInterval, type Period, periodContaining } from '@/lib/billing/periods/interval';
import { addDays, localDate } from '@/lib/billing/periods/zone';
import type { SubscriptionLine } from '@/lib/queries/console/customer';
import {
  type DayOfUse,
  type MeterOfPlan,
  metersOfPlan,
  usageByDay,
} from '@/lib/queries/console/usage-by-day';
import type { CustomerPage } from '../../../_reading/customer';
import { reading } from '../../../_reading/tenant';
import { dayBars, shortQuantity, totalUse } from './use-figures';

/** The period in which use is counted now; null when nothing runs. */
export function countedPeriod(main: SubscriptionLine, timezone: string, now: number): Period | null {
  const interval = main.chargesMonthly ? 'monthly' : main.interval;
  if (main.status !== 'active' || !isInterval(interval)) return null;
  return periodContaining({
    interval,
    billingTime: main.billingTime,
    anchor: main.subscriptionAt,
    timezone,
    at: now,
  });
}

/** One small chart for each meter of the plan, this period so far. */
export async function UseSection({ page }: { page: CustomerPage }) {
  const { main, now, facts } = page;
  const period = main && countedPeriod(main, facts.timezone, now);
  if (!main || !period || main.meters === 0) return null;
  const from = Math.max(period.start, main.startedAt ?? period.start);
  const { meters, days } = await reading(async ({ tx, organizationId }) => {
    const metersFound = await metersOfPlan(tx, organizationId, main.planVersionId);
    const window = {
      externalSubscriptionId: main.externalId,
      from,
      to: Math.min(period.end, now),
      timezone: facts.timezone,
    };
    return { meters: metersFound, days: await usageByDay(tx, organizationId, window, metersFound) };
  });
  const today = localDate(now, facts.timezone);
  const inTrial = main.trialEndsAt !== null && main.trialEndsAt > now;
  const lastDay = addDays(period.endDateExclusive, -1);
  return (
    <Section
      className="mt-6"
      title={inTrial ? 'Use in the trial' : 'Use this period'}
      aside={`${formatDay(period.startDate, today)} to ${formatDay(lastDay, today)}, counted to ${formatInstant(now, page.person.timezone, 'time')}`}
    >
      <div className="mt-3 grid grid-cols-3 gap-6 max-md:gap-4">
        {meters.slice(0, 6).map((meter) => (
          <MeterChart
            key={meter.chargeId}
            meter={meter}
            days={days.filter((day) => day.code === meter.code)}
            period={period}
            today={today}
            currency={main.currency}
          />
        ))}
      </div>
      <p className="mt-3 text-xs">
        <Link href={`/plans/compare?customer=${facts.id}`} className="why">
          What a period like the last one costs on every plan
        </Link>
      </p>
    </Section>
  );
}

function MeterChart({
  meter,
  days,
  period,
  today,
  currency,
}: {
  meter: MeterOfPlan;
  days: readonly DayOfUse[];
  period: Period;
  today: string;
  currency: string;
}) {
  const total = totalUse(meter, days);
  const included = includedIn(meter.chargeModel, meter.properties);
  const unit = unitWords(meter.unitName, meter.name);
  return (
    <div className="min-w-0">
      <p className="truncate text-text-2">{meter.name}</p>
      <p className="num mt-0.5 truncate text-lg font-semibold tracking-tight">
        {total ? shortQuantity(total) : '—'}
        {meter.unitName && total && <span className="text-xs font-normal text-text-3"> {unit.many}</span>}
      </p>
      <BarSeries
        small
        title={`${meter.name} by day`}
        desc={`One bar for each day since ${formatDay(period.startDate, today)}.`}
        unit={meter.name}
        bars={dayBars(days, { firstDay: period.startDate, days: period.days, today }, included)}
        slots={period.days}
      />
      <p className="mt-1.5 text-xs text-pretty text-text-3">
        {included
          ? `${formatQuantity(included)} included`
          : priceWords(meter.chargeModel, meter.properties, currency, unit)}
      </p>
    </div>
  );
}
