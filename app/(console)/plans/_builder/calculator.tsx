'use client';

import { useState } from 'react';
import { PriceLine } from '@/components/charts/price-line';
import { unitWords } from '@/components/features/price-words';
import { currencySymbol, formatAmount } from '@/components/format-amount';
import { exponentOf } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import { formatQuantity, formatUnitPrice } from '@/lib/billing/money/format';
import type { WorkingRow } from '@/lib/billing/pricing/model';
import { chargeModels } from '@/lib/billing/pricing/registry';
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

const byEvent = ({ model }: PriceDraft): boolean => chargeModels[model].pricedBy === 'events';

/** What a customer would pay, worked out by the engine in this browser as the plan is typed. */
export function Calculator({ plan, meters }: { plan: PlanDraft; meters: readonly MeterChoice[] }) {
  const [use, setUse] = useState<Record<string, string>>({});
  const [events, setEvents] = useState<Record<string, string>>({});
  const { currency } = plan;
  const base = BigInt(plan.amountMinor ?? '0');
  const unitsOf = (draft: PriceDraft) => use[draft.key] ?? '1,000';
  /** How many events the use is made of, where the price looks at each. */
  const eventsOf = (draft: PriceDraft) =>
    byEvent(draft) ? Number(typedNumber(events[draft.key] ?? '100')?.toString() ?? Number.NaN) : 1;
  const priced = plan.prices.map((draft) => ({
    draft,
    priced: priceOf(draft, unitsOf(draft), currency, eventsOf(draft)),
  }));
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
          <div key={draft.key} className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">
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
            {byEvent(draft) && (
              <label className="flex w-full items-center justify-end gap-2 text-xs text-text-3">
                in so many equal events
                <span className="field num h-7 w-28">
                  <input
                    className="text-right"
                    inputMode="numeric"
                    value={events[draft.key] ?? '100'}
                    onChange={(event) => setEvents({ ...events, [draft.key]: event.target.value })}
                  />
                </span>
              </label>
            )}
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
          events={eventsOf(first.draft)}
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
  if (chargeModels[draft.model].pricedBy === 'carried_amounts') {
    return (
      <div className="flex border-t border-hair py-1.75 text-text-3">
        <dt className="flex-1">{meter?.name ?? 'Use'}: what its events say</dt>
        <dd className="money">—</dd>
      </div>
    );
  }
  const many = unitWords(meter?.unitName ?? null, meter?.name ?? '').many;
  return priced.rows.map((row) => {
    const { what, at } = rowWords(row, draft, many, currency);
    const amount = Exact.of(row.amount).pow10(exponentOf(currency)).roundToBigInt();
    return (
      <div key={`${row.kind}${row.from ?? ''}`} className="flex border-t border-hair py-1.75">
        <dt className="w-40 truncate text-text-2">{what}</dt>
        <dd className="flex-1 text-text-3">{at}</dd>
        <dd className="money">{formatAmount(amount, currency)}</dd>
      </div>
    );
  });
}

/** A row of the working in words: what is counted, and at which price. */
function rowWords(
  { kind, units = '0', rate: text = '0' }: WorkingRow,
  { model }: PriceDraft,
  many: string,
  currency: string,
): { what: string; at: string } {
  const rate = Exact.of(text);
  const count = formatQuantity(units);
  const major = formatAmount(rate.pow10(exponentOf(currency)).roundToBigInt(), currency);
  switch (kind) {
    case 'free':
      return { what: `${count} included`, at: '' };
    case 'flat':
      return { what: 'For reaching the step', at: 'once' };
    case 'package':
      return { what: `${count} ${count === '1' ? 'package' : 'packages'}`, at: `at ${major}` };
    case 'rate':
      return { what: `${count} ${many}`, at: `at ${formatQuantity(rate)}%` };
    case 'fixed':
      return { what: `${count} ${count === '1' ? 'event' : 'events'}`, at: `at ${major}` };
    case 'clamp':
      return { what: 'Least and most per event', at: '' };
    default: {
      if (rate.isZero()) return { what: `${count} included`, at: '' };
      const price =
        model === 'graduated_percentage' ? `${formatQuantity(rate)}%` : formatUnitPrice(rate, currency);
      return { what: `${count} ${many}`, at: `at ${price}` };
    }
  }
}

function Curve({
  draft,
  meters,
  currency,
  units,
  events,
  total,
  rest,
}: {
  draft: PriceDraft;
  meters: readonly MeterChoice[];
  currency: string;
  units: string;
  events: number;
  total: bigint;
  rest: bigint;
}) {
  const meter = meters.find(({ id }) => id === draft.metricId);
  const count = Number(typedNumber(units)?.toString() ?? 0);
  const { kinks } = curveOf(draft, currency, rest, 1, events);
  const most = Math.max(10, count * 1.5, ...kinks.map((kink) => kink * 1.2));
  const { points } = curveOf(draft, currency, rest, roundMost(most), events);
  const digits = 10 ** exponentOf(currency);
  return (
    <PriceLine
      title="The bill against use"
      desc={`From nothing used to ${formatQuantity(String(roundMost(most)))}.`}
      symbol={currencySymbol(currency)}
      unit={unitWords(meter?.unitName ?? null, meter?.name ?? 'units').many}
      curves={[{ name: 'This plan', points, picked: true }]}
      at={{ units: count, bill: Number(total) / digits, label: formatAmount(total, currency) }}
      kinks={points.filter(({ units: at }) => kinks.includes(at)).map((point) => ({ ...point, label: '' }))}
      width={424}
    />
  );
}
