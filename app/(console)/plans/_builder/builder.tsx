'use client';

import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { AmountField } from '@/components/ui/amount-field';
import { Button } from '@/components/ui/button';
import { Seg } from '@/components/ui/choice';
import { SelectField, TextField } from '@/components/ui/field';
import { PlusIcon } from '@/components/ui/icons';
import { State } from '@/components/ui/state';
import type { MeterChoice } from '@/lib/queries/console/plans';
import { Calculator } from './calculator';
import { codeFrom, type PlanDraft, type PriceDraft, termsOf } from './draft';
import { PriceEditor } from './price-editor';

const PublishPanel = dynamic(() => import('./publish-panel'), { ssr: false });

export interface BuilderProps {
  initial: PlanDraft;
  meters: readonly MeterChoice[];
  currencies: readonly string[];
  /** Set when a new version of an existing plan is drafted. */
  existing: { version: number; customers: number; interval: string; kept: string[] } | null;
  /** Who may publish, when this person may not. */
  publishedBy: string | null;
  today: string;
  timezone: string;
}

const newPrice = (metricId: string): PriceDraft => ({
  key: crypto.randomUUID(),
  metricId,
  model: 'standard',
  per: '1',
  values: {},
  carries: null,
  steps: [
    { key: crypto.randomUUID(), upTo: '1,000', price: '0', flat: '' },
    { key: crypto.randomUUID(), upTo: '', price: '', flat: '' },
  ],
});

/** What is still missing before a plan can be published, in words. */
function missingIn(plan: PlanDraft): string | null {
  if (plan.name.trim() === '') return 'Give the plan a name.';
  if (!/^[a-z0-9][a-z0-9_.-]{0,63}$/.test(plan.code))
    return 'Give it a short code of small letters and digits.';
  if (plan.amountMinor === null) return 'Give a base price; zero is fine.';
  for (const price of plan.prices) {
    const terms = termsOf(price);
    if ('missing' in terms) return terms.missing;
  }
  return null;
}

function inputOf(plan: PlanDraft, version: number) {
  return {
    code: plan.code,
    version,
    name: plan.name.trim(),
    interval: plan.interval,
    amountMinor: plan.amountMinor ?? '0',
    currency: plan.currency,
    payInAdvance: plan.payInAdvance,
    trialDays: /^\d{1,3}$/.test(plan.trialDays) ? Number(plan.trialDays) : 0,
    charges: plan.prices.flatMap((price) => {
      const terms = termsOf(price);
      return 'missing' in terms ? [] : [{ metricId: price.metricId, carries: price.carries, ...terms }];
    }),
  };
}

function keptWords(kept: readonly string[]): string {
  const listed = new Intl.ListFormat('en', { type: 'conjunction' }).format(kept);
  return `Taken over as they are: ${listed}.`;
}

/** The form of a plan at the left, what a customer would pay at the right, and publishing as a change. */
export function Builder(props: BuilderProps) {
  const { initial, meters, currencies, existing, publishedBy, today, timezone } = props;
  const [plan, setPlan] = useState(initial);
  const [publishing, setPublishing] = useState(false);
  // Drafts of another shape, kept by an older release, are left where they are.
  const draftKey = `plan:2:${initial.code || 'new'}:${existing?.version ?? 0}`;
  const change = (patch: Partial<PlanDraft>) => setPlan((before) => ({ ...before, ...patch }));

  useEffect(() => {
    try {
      const kept = localStorage.getItem(draftKey);
      if (kept) setPlan(JSON.parse(kept) as PlanDraft);
    } catch {
      // Without storage a draft lives as long as the page.
    }
  }, [draftKey]);
  useEffect(() => {
    if (plan === initial) return;
    try {
      localStorage.setItem(draftKey, JSON.stringify(plan));
    } catch {
      // As above.
    }
  }, [plan, initial, draftKey]);
  const dropDraft = () => {
    try {
      localStorage.removeItem(draftKey);
    } catch {
      // As above.
    }
  };

  const missing = missingIn(plan);
  const taken = plan.prices.map(({ metricId }) => metricId);
  const free = meters.find(({ id }) => !taken.includes(id));
  const title = existing
    ? `${initial.name}, version ${existing.version + 1}`
    : plan.name.trim() || 'New plan';
  return (
    <>
      <PageColumn>
        <TopBar breadcrumb={[{ label: 'Plans', href: '/plans' }, { label: existing ? title : 'New plan' }]} />
        <PageMain flush>
          <div className="flex min-h-0 flex-1 max-lg:block">
            <div className="min-w-0 flex-1 overflow-y-auto px-8 pt-6 pb-8 max-lg:overflow-visible max-md:px-4">
              <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
                <h1 className="flex min-w-0 flex-1 items-center gap-2.5 text-xl max-md:basis-full">
                  <span className="truncate">{title}</span>
                  <State kind="info" className="text-sm font-normal tracking-normal">
                    Draft
                  </State>
                </h1>
                <span className="text-xs text-text-3">
                  {missing ?? (publishedBy ? `You may draft, ${publishedBy} publishes` : '')}
                </span>
                <Button
                  tone="act"
                  disabled={missing !== null || publishedBy !== null}
                  onClick={() => setPublishing(true)}
                >
                  Publish
                </Button>
              </div>
              <p className="mt-1 text-base text-pretty text-text-2">
                {existing
                  ? `${existing.customers === 1 ? 'The one customer' : `The ${existing.customers} customers`} on version ${existing.version} stay there until you move them.`
                  : 'Kept in this browser until it is published. Nobody is moved to it.'}
                {existing && existing.kept.length > 0 && ` ${keptWords(existing.kept)}`}
              </p>
              <div className="mt-6 grid max-w-160 grid-cols-2 gap-4 max-md:grid-cols-1">
                <TextField
                  label="Name"
                  value={plan.name}
                  written={plan.name !== ''}
                  autoComplete="off"
                  onChange={(event) =>
                    change({
                      name: event.target.value,
                      code: plan.codeTouched || existing ? plan.code : codeFrom(event.target.value),
                    })
                  }
                />
                <TextField
                  label="Code"
                  className="[&_input]:font-mono"
                  value={plan.code}
                  written={plan.code !== ''}
                  autoComplete="off"
                  disabled={existing !== null}
                  hint={existing ? 'A plan keeps its code.' : 'How your programs call it; it stays as it is.'}
                  onChange={(event) => change({ code: event.target.value, codeTouched: true })}
                />
              </div>
              <section className="mt-6" aria-label="Base price">
                <h2 className="tracking-normal">Base price</h2>
                <div className="mt-3 flex flex-wrap items-start gap-3">
                  <AmountField
                    ariaLabel="Base price"
                    key={plan.currency}
                    className="w-36"
                    currency={plan.currency}
                    defaultMinor={plan.amountMinor ?? undefined}
                    systemMinor={existing ? (initial.amountMinor ?? undefined) : undefined}
                    onAmount={(amountMinor) => change({ amountMinor })}
                  />
                  <SelectField
                    aria-label="Currency"
                    className="w-24"
                    disabled={existing !== null}
                    value={plan.currency}
                    onChange={(event) => change({ currency: event.target.value })}
                  >
                    {currencies.map((code) => (
                      <option key={code}>{code}</option>
                    ))}
                  </SelectField>
                  <Seg
                    label="How often"
                    options={[
                      { value: 'monthly', label: 'every month' },
                      { value: 'yearly', label: 'every year' },
                    ]}
                    value={plan.interval}
                    onChange={(interval) => change({ interval })}
                  />
                  <Seg
                    label="When it is billed"
                    options={[
                      { value: 'start', label: 'billed at the start' },
                      { value: 'end', label: 'at the end' },
                    ]}
                    value={plan.payInAdvance ? 'start' : 'end'}
                    onChange={(when) => change({ payInAdvance: when === 'start' })}
                  />
                </div>
                <TextField
                  label="Free days for new customers"
                  className="mt-4 w-48"
                  inputMode="numeric"
                  after="days"
                  value={plan.trialDays}
                  written={plan.trialDays !== '0' && plan.trialDays !== ''}
                  error={/^\d{0,3}$/.test(plan.trialDays) ? undefined : 'Give whole days, up to 999.'}
                  onChange={(event) => change({ trialDays: event.target.value })}
                />
              </section>
              {plan.prices.map((draft) => (
                <PriceEditor
                  key={draft.key}
                  draft={draft}
                  meters={meters}
                  taken={taken}
                  currency={plan.currency}
                  onChange={(next) =>
                    change({ prices: plan.prices.map((own) => (own.key === draft.key ? next : own)) })
                  }
                  onRemove={() => change({ prices: plan.prices.filter(({ key }) => key !== draft.key) })}
                />
              ))}
              <div className="mt-7 border-t border-hair pt-4">
                {meters.length === 0 ? (
                  <p className="text-pretty text-text-2">
                    There is no meter yet, so only a base price can be set. Meters come from your programs,
                    over the API.
                  </p>
                ) : (
                  <Button
                    icon={<PlusIcon small />}
                    disabled={!free}
                    onClick={() => free && change({ prices: [...plan.prices, newPrice(free.id)] })}
                  >
                    {free ? 'Add a usage price' : 'Every meter is priced'}
                  </Button>
                )}
              </div>
            </div>
            <Calculator plan={plan} meters={meters} />
          </div>
        </PageMain>
      </PageColumn>
      {publishing && missing === null && (
        <PublishPanel
          input={inputOf(plan, existing ? existing.version + 1 : 1)}
          staying={existing?.customers ?? null}
          today={today}
          timezone={timezone}
          onClose={() => setPublishing(false)}
          onPublished={dropDraft}
        />
      )}
    </>
  );
}
