import Link from 'next/link';
import { drawable, shortNumber } from '@/components/charts/scale';
import { Waterfall, type WaterfallStep } from '@/components/charts/waterfall';
import { currencySymbol, formatAmount } from '@/components/format-amount';
import { formatDay, formatInstant } from '@/components/format-date';
import { ChevronLeftIcon, ChevronRightIcon, TriangleAlertIcon } from '@/components/ui/icons';
import { CheckedLine } from '@/components/ui/surface';
import { Table, Td, Th } from '@/components/ui/table';
import { WhyFigure } from '@/components/ui/why';
import type { MovementKind } from '@/db/schema';
import { exponentOf } from '@/lib/billing/money/currency';
import { addDays, addMonths } from '@/lib/billing/periods/zone';
import { type Movements, movedCustomers, movements } from '@/lib/queries/console/insights';
import { reading } from '../../_reading/tenant';
import { Definition } from './definition';
import { KINDS, kindLabel } from './kinds';
import { type Month, monthName, monthWord } from './months';

interface MovementsProps {
  currency: string;
  month: Month;
  picked: MovementKind;
  to: (change: Record<string, string | null>) => string;
  timezone: string;
}

/** Why MRR moved in one month: chart, table, the customers behind one movement, and what MRR means here. */
export async function MovementsReport({ currency, month, picked, to, timezone }: MovementsProps) {
  const { found, customers, now } = await reading(async (read) => ({
    found: await movements(read.tx, read.organizationId, currency, month.from, month.to),
    customers: await movedCustomers(read.tx, read.organizationId, currency, picked, month.from, month.to),
    now: read.now,
  }));
  const [opening, closing] = [BigInt(found.openingMinor), BigInt(found.closingMinor)];
  const change = closing - opening;
  const money = (minor: bigint, sign = false) => formatAmount(minor, currency, { sign });
  const share = opening > 0n ? `${tenths((change < 0n ? -change : change) * 1000n, opening)}%, ` : '';
  return (
    <div className="flex gap-10 @max-4xl:flex-col">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-start gap-3">
          <div className="flex-1 max-md:basis-full">
            <p className="text-text-2">
              MRR at the end of {month.name}
              {month.partial && ', so far'}
            </p>
            <p className="mt-0.5 flex flex-wrap items-baseline gap-x-3">
              <span className="num text-2xl font-semibold tracking-tight">
                <WhyFigure why="The sum of all movements up to this day. Each movement opens the customers behind it.">
                  {money(closing)}
                </WhyFigure>
              </span>
              <span className="num text-base text-text-2">
                {change === 0n ? 'as at the start' : change > 0n ? 'up ' : 'down '}
                {change !== 0n && <span className="text-text">{money(change < 0n ? -change : change)}</span>}
                {change !== 0n && `, ${share && `or ${share}`}in the month`}
              </span>
            </p>
          </div>
          <MonthSwitch month={month} to={to} />
        </div>
        <Waterfall
          title={`MRR movements in ${month.name}`}
          desc={`From ${money(opening)} to ${money(closing)}.`}
          symbol={currencySymbol(currency)}
          steps={stepsOf(found, currency, month, picked, to)}
        />
        <MovementTable found={found} currency={currency} month={month} picked={picked} to={to} />
        <Check found={found} at={formatInstant(now, timezone, 'moment', now)} />
      </div>
      <aside className="w-78 flex-none @max-4xl:w-auto">
        <Definition currency={currency} />
        <section className="mt-7" aria-label={`${kindLabel(picked)} in ${month.name}`}>
          <div className="flex items-baseline gap-2">
            <h2 className="tracking-normal text-ink">{kindLabel(picked)}</h2>
            <span className="num flex-1 text-text-2">
              {customers.length === 1 ? '1 customer' : `${customers.length} customers`}
            </span>
            <span className="num font-medium text-ink">
              {money(
                customers.reduce((sum, row) => sum + BigInt(row.amountMinor), 0n),
                true,
              )}
            </span>
          </div>
          <ul className="mt-2">
            {customers.map((row) => (
              <li key={row.id} className="flex gap-3 border-t border-hair py-2">
                <span className="min-w-0 flex-1">
                  <Link href={`/customers/${row.id}`} className="block truncate font-medium">
                    {row.name}
                  </Link>
                  <span className="block truncate text-xs text-text-2">
                    {[row.planName, row.reason?.replaceAll('_', ' ')].filter(Boolean).join(' · ')}
                  </span>
                </span>
                <span className="num">{money(BigInt(row.amountMinor), true)}</span>
              </li>
            ))}
            {customers.length === 0 && (
              <li className="border-t border-hair py-2 text-text-2">Nobody in this month.</li>
            )}
          </ul>
        </section>
      </aside>
    </div>
  );
}

/** A ratio with one decimal, from a numerator already multiplied by 1000. */
function tenths(perMille: bigint, of: bigint): string {
  const rounded = (perMille * 2n + of) / (of * 2n);
  return `${rounded / 10n}.${rounded % 10n}`;
}

const amountOf = (found: Movements, kind: MovementKind) =>
  BigInt(found.lines.find((line) => line.kind === kind)?.amountMinor ?? '0');

function stepsOf(
  found: Movements,
  currency: string,
  month: Month,
  picked: MovementKind,
  to: MovementsProps['to'],
): WaterfallStep[] {
  const digits = exponentOf(currency);
  const symbol = currencySymbol(currency);
  const short = (minor: bigint, sign: boolean) => {
    const value = drawable(minor < 0n ? -minor : minor, digits);
    return `${minor < 0n ? '\u2212' : sign ? '+' : ''}${symbol}${shortNumber(Math.round(value))}`;
  };
  const total = (key: string, label: string, minor: string, day: string): WaterfallStep => ({
    key,
    label,
    detail: formatDay(day, day).split(' ').slice(1).join(' '),
    value: drawable(minor, digits),
    short: short(BigInt(minor), false),
    text: formatAmount(BigInt(minor), currency),
    total: true,
  });
  return [
    total('opening', 'Opening', found.openingMinor, month.from),
    ...KINDS.map(({ kind, label }) => {
      const amount = amountOf(found, kind);
      return {
        key: kind,
        label,
        value: drawable(amount, digits),
        short: amount === 0n ? '0' : short(amount, true),
        text: formatAmount(amount, currency, { sign: true }),
        picked: kind === picked,
        count: found.lines.find((line) => line.kind === kind)?.customers,
        href: to({ kind }),
      };
    }),
    total('closing', 'Closing', found.closingMinor, addDays(month.to, -1)),
  ];
}

function MovementTable({
  found,
  currency,
  month,
  picked,
  to,
}: {
  found: Movements;
  currency: string;
  month: Month;
  picked: MovementKind;
  to: MovementsProps['to'];
}) {
  const money = (minor: bigint, sign = false) => formatAmount(minor, currency, { sign });
  let running = BigInt(found.openingMinor);
  return (
    <Table
      label={`Movements in ${month.name}`}
      tight
      bare
      className="mt-4 max-md:hidden [&_td]:!h-[31px] [&_th]:!h-7"
    >
      <thead>
        <tr>
          <Th>Movement</Th>
          <Th r>Customers</Th>
          <Th>Largest</Th>
          <Th r>{currency}</Th>
          <Th r>Running</Th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <Td className="font-medium">Opening, {formatDay(month.from, month.from)}</Td>
          <Td />
          <Td />
          <Td r className="font-medium">
            {money(running)}
          </Td>
          <Td r className="text-text-3">
            {money(running)}
          </Td>
        </tr>
        {KINDS.map(({ kind, label }) => {
          const line = found.lines.find((own) => own.kind === kind);
          const amount = BigInt(line?.amountMinor ?? '0');
          running += amount;
          const chosen = kind === picked;
          return (
            <tr key={kind} aria-selected={chosen} className="relative">
              <Td className={chosen ? 'font-medium text-ink' : undefined}>
                <Link href={to({ kind })} scroll={false} className="after:absolute after:inset-0">
                  {label}
                </Link>
              </Td>
              <Td r quiet>
                {line?.customers ?? <span className="text-text-3">0</span>}
              </Td>
              <Td quiet className="max-w-60 truncate">
                {line?.largestName && `${line.largestName}, ${money(BigInt(line.largestMinor ?? '0'), true)}`}
              </Td>
              <Td r className={chosen ? 'font-medium text-ink' : amount === 0n ? 'text-text-3' : undefined}>
                {money(amount, true)}
              </Td>
              <Td r className="text-text-3">
                {money(running)}
              </Td>
            </tr>
          );
        })}
        <tr>
          <Td className="font-medium">Closing, {formatDay(addDays(month.to, -1), month.from)}</Td>
          <Td />
          <Td />
          <Td r className="font-medium">
            {money(BigInt(found.closingMinor))}
          </Td>
          <Td r className="font-medium">
            {money(running)}
          </Td>
        </tr>
      </tbody>
    </Table>
  );
}

/** Opening and movements against what the customers have at the end, worked out apart from each other. */
function Check({ found, at }: { found: Movements; at: string }) {
  const sum = found.lines.reduce(
    (total, line) => total + BigInt(line.amountMinor),
    BigInt(found.openingMinor),
  );
  if (sum === BigInt(found.closingMinor)) {
    return (
      <CheckedLine className="mt-3">
        Opening and movements add up to closing, to the cent. Checked {at}.
      </CheckedLine>
    );
  }
  return (
    <p role="alert" className="mt-3 flex items-center gap-1.5 text-xs text-bad">
      <TriangleAlertIcon small />
      Opening and movements do not add up to closing. Do not use these figures; tell finance.
    </p>
  );
}

function MonthSwitch({ month, to }: { month: Month; to: MovementsProps['to'] }) {
  const before = addMonths(month.from, -1);
  const arrow = 'grid place-items-center !px-1.5';
  return (
    <nav className="seg" aria-label="Month">
      <Link
        href={to({ month: monthWord(before) })}
        scroll={false}
        className={arrow}
        aria-label={`${monthName(before)}`}
      >
        <ChevronLeftIcon small />
      </Link>
      <span aria-current="date">{month.name}</span>
      {month.partial ? (
        <span className={`${arrow} opacity-40`} aria-hidden="true">
          <ChevronRightIcon small />
        </span>
      ) : (
        <Link
          href={to({ month: monthWord(month.to) })}
          scroll={false}
          className={arrow}
          aria-label={monthName(month.to)}
        >
          <ChevronRightIcon small />
        </Link>
      )}
    </nav>
  );
}
