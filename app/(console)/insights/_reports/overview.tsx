import Link from 'next/link';
import { Line } from '@/components/charts/line';
import { drawable } from '@/components/charts/scale';
import { currencySymbol, formatAmount } from '@/components/format-amount';
import { Section } from '@/components/ui/surface';
import { Table, Td, Th } from '@/components/ui/table';
import { exponentOf } from '@/lib/billing/money/currency';
import { mrrByMonth, mrrByPlan } from '@/lib/queries/console/insights';
import { reading } from '../../_reading/tenant';
import { Definition } from './definition';
import { monthName, monthWord, shortMonth } from './months';

interface OverviewProps {
  currency: string;
  today: string;
  to: (change: Record<string, string | null>) => string;
}

/** How MRR is going: its line over the months, the table of the same figures, and what it is made of. */
export async function OverviewReport({ currency, today, to }: OverviewProps) {
  const { months, plans } = await reading(async ({ tx, organizationId }) => ({
    months: await mrrByMonth(tx, organizationId, currency, today),
    plans: await mrrByPlan(tx, organizationId, currency),
  }));
  const first = months.findIndex((month) => month.closingMinor !== '0');
  const shown = first < 0 ? months.slice(-1) : months.slice(Math.max(0, first));
  const last = shown.at(-1);
  const digits = exponentOf(currency);
  const money = (minor: string) => formatAmount(BigInt(minor), currency);
  const total = plans.reduce((sum, plan) => sum + BigInt(plan.mrrMinor), 0n);
  return (
    <div className="flex gap-10 @max-4xl:flex-col">
      <div className="min-w-0 flex-1">
        <p className="text-text-2">MRR today</p>
        <p className="num mt-0.5 text-2xl font-semibold tracking-tight">{money(last?.closingMinor ?? '0')}</p>
        <Line
          title="MRR by month"
          desc={`At the end of each month, ${shown.length} months; the last one is not over.`}
          symbol={currencySymbol(currency)}
          unit="MRR"
          points={shown.map((month, index) => ({
            label: shortMonth(month.month),
            value: drawable(month.closingMinor, digits),
            text: money(month.closingMinor),
            partial: index === shown.length - 1,
          }))}
        />
        <Table label="MRR by month" tight bare className="mt-4">
          <thead>
            <tr>
              <Th>Month</Th>
              <Th r>MRR at its end</Th>
              <Th r>Change</Th>
            </tr>
          </thead>
          <tbody>
            {shown
              .map((month, index) => ({ month, before: shown[index - 1] }))
              .reverse()
              .slice(0, 12)
              .map(({ month, before }, index) => (
                <tr key={month.month} className="relative">
                  <Td>
                    <Link
                      href={to({ report: 'movements', month: monthWord(month.month) })}
                      className="after:absolute after:inset-0"
                    >
                      {monthName(month.month)}
                    </Link>
                    {index === 0 && <span className="ml-2 text-text-3">so far</span>}
                  </Td>
                  <Td r>{money(month.closingMinor)}</Td>
                  <Td r quiet>
                    {before
                      ? formatAmount(BigInt(month.closingMinor) - BigInt(before.closingMinor), currency, {
                          sign: true,
                        })
                      : '—'}
                  </Td>
                </tr>
              ))}
          </tbody>
        </Table>
      </div>
      <aside className="w-78 flex-none @max-4xl:w-auto">
        <Definition currency={currency} />
        <Section className="mt-7" title="By plan" aside="customers and MRR today">
          <ul className="mt-2">
            {plans.map((plan) => (
              <li key={plan.planId} className="flex gap-3 border-t border-hair py-2">
                <span className="min-w-0 flex-1 truncate">
                  {plan.name} <span className="text-text-3">{plan.customers}</span>
                </span>
                <span className="num">{money(plan.mrrMinor)}</span>
              </li>
            ))}
            <li className="flex gap-3 border-t border-line py-2 font-medium">
              <span className="flex-1">All plans</span>
              <span className="num">{formatAmount(total, currency)}</span>
            </li>
          </ul>
        </Section>
      </aside>
    </div>
  );
}
