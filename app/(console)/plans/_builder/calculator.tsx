'use client';

import { useState } from 'react';
import { PriceLine } from '@/components/charts/price-line';
import { unitWords } from '@/components/features/price-words';
import { currencySymbol, formatAmount } from '@/components/format-amount';
import { exponentOf } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import { formatQuantity, formatUnitPrice } from '@/lib/billing/money/format';
import type { MeterChoice } from '@/lib/queries/console/plans';
import { curveOf, type PlanDraft, type PriceDraft, priceOf, typedNumber } from './draft';

const STEPS = 1000;
const MOST = 7;

/** The slider runs over powers of ten, so that 100 and 1,000,000 are both in reach. */
const fromSlider = (at: number) => (at === 0 ? 0 : Math.round(10 ** ((at / STEPS) * MOST)));
const toSlider = (units: number) =>
  units <= 1 ? 0 : Math.min(STEPS, Math.round((Math.log10(units) / MOST) * STEPS));

/** The next number of two digits and zeros, so that the axis reads well. */
function roundMost(units: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(units)) - 1);
  return Math.ceil(units / (4 * power)) * 4 * power;
}

/** What a customer would pay, worked out by the engine in this browser as the plan is typed. */
export function Calculator({ plan, meters }: { plan: PlanDraft; meters: readonly MeterChoice[] }) {
  const [use, setUse] = useState<Record<string, string>>({});
  const { currency } = plan;
  const base = BigInt(plan.amountMinor ?? '0');
  const unitsOf = (draft: PriceDraft) => use[draft.key] ?? '1,000';
  const priced = plan.prices.map((draft) => ({ draft, priced: priceOf(draft, unitsOf(draft), currency) }));
  const complete = priced.every((line) => line.priced !== null);
  const total = priced.reduce((sum, line) => sum + (line.priced?.amountMinor ?? 0n), base);
  const first = priced[0];
  return (
    <aside
      className="flex w-122 flex-none flex-col overflow-y-auto border-l border-line bg-canvas px-8 pt-6 pb-8 max-xl:w-104 max-lg:w-auto max-lg:border-t max-lg:border-l-0 max-md:px-4"
      aria-label="Calculator"
    >
      <h2 className="tracking-normal">What a customer would pay</h2>
      {plan.prices.map((draft) => {
        const meter = meters.find(({ id }) => id === draft.metricId);
        const count = Number(typedNumber(unitsOf(draft))?.toString() ?? 0);
        return (
          <div key={draft.key} className="mt-3 flex items-center gap-4">
            <span className="w-32 flex-none truncate text-text-2">{meter?.name ?? 'Use'}</span>
            <input
              type="range"
              min={0}
              max={STEPS}
              aria-label={`${meter?.name ?? 'Use'}, roughly`}
              className="min-w-0 flex-1 accent-act"
              value={toSlider(count)}
              onChange={(event) =>
                setUse({
                  ...use,
                  [draft.key]: formatQuantity(String(fromSlider(Number(event.target.value)))),
                })
              }
            />
            <span className="field field-written num h-7 w-28">
              <input
                aria-label={`${meter?.name ?? 'Use'}, exactly`}
                className="text-right"
                inputMode="numeric"
                value={unitsOf(draft)}
                onChange={(event) => setUse({ ...use, [draft.key]: event.target.value })}
              />
            </span>
          </div>
        );
      })}
      <dl className="mt-4">
        <div className="flex border-t border-line py-1.75">
          <dt className="flex-1">Base</dt>
          <dd className="money">{formatAmount(base, currency)}</dd>
        </div>
        {priced.map((line) => (
          <Lines key={line.draft.key} line={line} meters={meters} currency={currency} />
        ))}
      </dl>
      <div className="flex items-end gap-3 border-t border-line pt-2.5" aria-live="polite">
        <p className="flex-1 text-text-2">
          {complete ? 'A whole period, before tax' : 'Some prices are not complete yet'}
        </p>
        <p className="num text-2xl font-semibold tracking-tight text-ink">{formatAmount(total, currency)}</p>
      </div>
      {first?.priced && (
        <Curve
          draft={first.draft}
          meters={meters}
          currency={currency}
          units={unitsOf(first.draft)}
          total={total}
          rest={total - first.priced.amountMinor}
        />
      )}
    </aside>
  );
}

function Lines({
  line: { draft, priced },
  meters,
  currency,
}: {
  line: { draft: PriceDraft; priced: ReturnType<typeof priceOf> };
  meters: readonly MeterChoice[];
  currency: string;
}) {
  const meter = meters.find(({ id }) => id === draft.metricId);
  if (!priced) {
    return (
      <div className="flex border-t border-hair py-1.75 text-text-3">
        <dt className="flex-1">{meter?.name ?? 'Use'}</dt>
        <dd className="money">—</dd>
      </div>
    );
  }
  return priced.rows.map((row) => {
    const rate = Exact.of(row.rate ?? '0');
    const amount = Exact.of(row.amount).pow10(exponentOf(currency)).roundToBigInt();
    return (
      <div key={`${row.kind}${row.from ?? ''}`} className="flex border-t border-hair py-1.75">
        <dt className="w-40 truncate text-text-2">
          {formatQuantity(row.units ?? '0')}{' '}
          {rate.isZero() ? 'included' : unitWords(meter?.unitName ?? null, meter?.name ?? '').many}
        </dt>
        <dd className="flex-1 text-text-3">{rate.isZero() ? '' : `at ${formatUnitPrice(rate, currency)}`}</dd>
        <dd className="money">{formatAmount(amount, currency)}</dd>
      </div>
    );
  });
}

function Curve({
  draft,
  meters,
  currency,
  units,
  total,
  rest,
}: {
  draft: PriceDraft;
  meters: readonly MeterChoice[];
  currency: string;
  units: string;
  total: bigint;
  rest: bigint;
}) {
  const meter = meters.find(({ id }) => id === draft.metricId);
  const count = Number(typedNumber(units)?.toString() ?? 0);
  const { kinks } = curveOf(draft, currency, rest, 1);
  const most = Math.max(10, count * 1.5, ...kinks.map((kink) => kink * 1.2));
  const { points } = curveOf(draft, currency, rest, roundMost(most));
  const digits = 10 ** exponentOf(currency);
  return (
    <PriceLine
      title="The bill against use"
      desc={`From nothing used to ${formatQuantity(String(roundMost(most)))}.`}
      symbol={currencySymbol(currency)}
      unit={unitWords(meter?.unitName ?? null, meter?.name ?? 'units').many}
      curves={[{ name: 'This plan', points, picked: true }]}
      at={{ units: count, bill: Number(total) / digits, label: formatAmount(total, currency) }}
      kinks={points.slice(1, -1).map((point) => ({ ...point, label: '' }))}
      width={424}
    />
  );
}
