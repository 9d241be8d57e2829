'use client';

import { priceWords, unitWords } from '@/components/features/price-words';
import { currencySymbol } from '@/components/format-amount';
import { ChoiceCards } from '@/components/ui/choice';
import { SelectField, TextField } from '@/components/ui/field';
import { XIcon } from '@/components/ui/icons';
import { Note } from '@/components/ui/surface';
import { CHARGE_MODEL_NAMES, chargeModels } from '@/lib/billing/pricing/registry';
import type { MeterChoice } from '@/lib/queries/console/plans';
import { type PriceDraft, pricesUnits, rescaled, termsOf } from './draft';
import { StepTable } from './step-table';

const PERS: PriceDraft['per'][] = ['1', '1000', '1000000'];

interface PriceEditorProps {
  draft: PriceDraft;
  meters: readonly MeterChoice[];
  taken: readonly string[];
  currency: string;
  onChange: (draft: PriceDraft) => void;
  onRemove: () => void;
}

/** One usage price: which meter, how it is priced, and the sentence that reads it back. */
export function PriceEditor({ draft, meters, taken, currency, onChange, onRemove }: PriceEditorProps) {
  const meter = meters.find(({ id }) => id === draft.metricId);
  const unit = unitWords(meter?.unitName ?? null, meter?.name ?? 'units');
  const model = chargeModels[draft.model];
  const fitting = CHARGE_MODEL_NAMES.filter(
    (name) => !meter || !chargeModels[name].refuses?.(meter.aggregation),
  );
  const terms = termsOf(draft);
  const said =
    'missing' in terms ? terms.missing : `${priceWords(terms.model, terms.properties, currency, unit)}.`;
  const perWords = (per: PriceDraft['per']) =>
    per === '1' ? unit.one : `${Number(per).toLocaleString('en-US')} ${unit.many}`;
  const setPer = (per: PriceDraft['per']) => {
    const unitPrices = model.fields.filter(({ kind }) => kind === 'unit_price').map(({ name }) => name);
    const values = unitPrices.map((name) => [name, rescaled(draft.values[name] ?? '', draft.per, per)]);
    onChange({
      ...draft,
      per,
      values: { ...draft.values, ...Object.fromEntries(values) },
      steps: draft.steps.map((step) => ({ ...step, price: rescaled(step.price, draft.per, per) })),
    });
  };
  const setMeter = (metricId: string) => {
    const next = meters.find(({ id }) => id === metricId);
    const refused = next && chargeModels[draft.model].refuses?.(next.aggregation);
    onChange({ ...draft, metricId, carries: null, model: refused ? 'standard' : draft.model });
  };
  return (
    <section className="mt-7" aria-label={meter?.name ?? 'Usage price'}>
      <div className="flex items-end gap-3">
        <SelectField
          label="Meter"
          className="w-56"
          written
          value={draft.metricId}
          onChange={(event) => setMeter(event.target.value)}
        >
          {meters.map(({ id, name }) => (
            <option key={id} value={id} disabled={id !== draft.metricId && taken.includes(id)}>
              {name}
            </option>
          ))}
        </SelectField>
        <span className="min-w-0 flex-1 truncate pb-1.5 text-text-2">{meter?.counts}</span>
        <button
          type="button"
          className="btn btn-quiet px-1.5 text-text-3"
          aria-label={`Remove the price for ${meter?.name ?? 'this meter'}`}
          onClick={onRemove}
        >
          <XIcon small />
        </button>
      </div>
      <ChoiceCards
        label="How it is priced"
        className="mt-3 xl:grid-cols-3"
        options={fitting.map((name) => ({
          value: name,
          label: DRAWINGS[name] ? (
            <Drawn path={DRAWINGS[name]}>{chargeModels[name].label}</Drawn>
          ) : (
            chargeModels[name].label
          ),
          detail: chargeModels[name].about.replace(/ \(`.*?`\)/, ''),
        }))}
        value={draft.model}
        onChange={(name) => onChange({ ...draft, model: name })}
      />
      <div className="mt-4 flex flex-wrap items-end gap-3">
        {pricesUnits(draft.model) && (
          <SelectField
            label="Price per"
            className="w-48"
            value={draft.per}
            onChange={(event) => setPer(PERS.find((per) => per === event.target.value) ?? '1')}
          >
            {PERS.map((per) => (
              <option key={per} value={per}>
                {perWords(per)}
              </option>
            ))}
          </SelectField>
        )}
        {model.fields.map(
          (field) =>
            field.kind !== 'steps' && (
              <TextField
                key={field.name}
                label={field.optional ? `${field.label} (optional)` : field.label}
                hint={model.fields.length > 1 ? field.about : undefined}
                className={model.fields.length > 1 ? 'w-56 self-start' : 'w-40'}
                inputMode={field.kind === 'count' ? 'numeric' : 'decimal'}
                autoComplete="off"
                before={
                  field.kind === 'amount' || field.kind === 'unit_price'
                    ? currencySymbol(currency)
                    : undefined
                }
                after={field.kind === 'percent' ? '%' : undefined}
                written={Boolean(draft.values[field.name])}
                value={draft.values[field.name] ?? ''}
                onChange={(event) =>
                  onChange({ ...draft, values: { ...draft.values, [field.name]: event.target.value } })
                }
              />
            ),
        )}
      </div>
      {model.fields.map(
        (field) =>
          field.kind === 'steps' && (
            <StepTable
              key={field.name}
              steps={draft.steps}
              symbol={currencySymbol(currency)}
              priced={field.rate.kind === 'percent' ? 'Percent' : `Price per ${perWords(draft.per)}`}
              isPercent={field.rate.kind === 'percent'}
              onChange={(steps) => onChange({ ...draft, steps })}
            />
          ),
      )}
      <Note className="mt-4 text-base">
        <span aria-live="polite">{said}</span>
      </Note>
    </section>
  );
}

/** How the bill climbs with use; a model without a drawing goes by its name alone. */
const DRAWINGS: Partial<Record<string, string>> = {
  standard: 'M2 30 66 4',
  graduated: 'M2 30H20L44 16 66 8',
  graduated_percentage: 'M2 30 22 24 44 10 66 4',
  package: 'M2 30H14V23H28V16H42V9H56V4H66',
  percentage: 'M2 24 66 6',
  volume: 'M2 30 26 14V22L46 10V16L66 5',
};

function Drawn({ path, children }: { path: string; children: string }) {
  return (
    <>
      <svg viewBox="0 0 70 34" className="mb-2 block h-8 w-17" aria-hidden="true">
        <path d="M2 2V32H68" fill="none" stroke="var(--c-line)" />
        <path d={path} fill="none" stroke="var(--c-text-2)" strokeWidth="1.75" strokeLinejoin="round" />
      </svg>
      {children}
    </>
  );
}
