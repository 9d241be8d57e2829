'use client';

import { priceWords, unitWords } from '@/components/features/price-words';
import { currencySymbol } from '@/components/format-amount';
import { ChoiceCards } from '@/components/ui/choice';
import { SelectField, TextField } from '@/components/ui/field';
import { XIcon } from '@/components/ui/icons';
import { Note } from '@/components/ui/surface';
import type { MeterChoice } from '@/lib/queries/console/plans';
import { type PriceDraft, rescaled, termsOf } from './draft';
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
  const terms = termsOf(draft);
  const said =
    'missing' in terms ? terms.missing : `${priceWords(terms.model, terms.properties, currency, unit)}.`;
  const perWords = (per: PriceDraft['per']) =>
    per === '1' ? unit.one : `${Number(per).toLocaleString('en-US')} ${unit.many}`;
  const setPer = (per: PriceDraft['per']) =>
    onChange({
      ...draft,
      per,
      amount: rescaled(draft.amount, draft.per, per),
      steps: draft.steps.map((step) => ({ ...step, price: rescaled(step.price, draft.per, per) })),
    });
  return (
    <section className="mt-7" aria-label={meter?.name ?? 'Usage price'}>
      <div className="flex items-end gap-3">
        <SelectField
          label="Meter"
          className="w-56"
          written
          value={draft.metricId}
          onChange={(event) => onChange({ ...draft, metricId: event.target.value })}
        >
          {meters.map(({ id, name }) => (
            <option key={id} value={id} disabled={id !== draft.metricId && taken.includes(id)}>
              {name}
            </option>
          ))}
        </SelectField>
        <span className="min-w-0 flex-1 truncate pb-1.5 text-text-2">{meter && countsWords(meter)}</span>
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
        className="mt-3"
        options={[
          {
            value: 'standard',
            label: <Drawn path="M2 30 66 4">One price</Drawn>,
            detail: 'every unit the same',
          },
          {
            value: 'graduated',
            label: <Drawn path="M2 30H20L44 16 66 8">Steps</Drawn>,
            detail: 'each part at its own',
          },
        ]}
        value={draft.model}
        onChange={(model) => onChange({ ...draft, model })}
      />
      <div className="mt-4 flex flex-wrap items-end gap-3">
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
        {draft.model === 'standard' && (
          <TextField
            label="Price"
            className="w-40"
            inputMode="decimal"
            autoComplete="off"
            before={currencySymbol(currency)}
            written={draft.amount !== ''}
            value={draft.amount}
            onChange={(event) => onChange({ ...draft, amount: event.target.value })}
          />
        )}
      </div>
      {draft.model === 'graduated' && (
        <StepTable
          steps={draft.steps}
          symbol={currencySymbol(currency)}
          unit={perWords(draft.per)}
          onChange={(steps) => onChange({ ...draft, steps })}
        />
      )}
      <Note className="mt-4 text-base">
        <span aria-live="polite">{said}</span>
      </Note>
    </section>
  );
}

function countsWords({ aggregation, name, description }: MeterChoice): string {
  if (description) return description;
  switch (aggregation) {
    case 'count_agg':
      return 'counts every event in the period';
    case 'sum_agg':
      return `adds up ${name.toLowerCase()} over the period`;
    case 'max_agg':
      return 'takes the highest value of the period';
    case 'unique_count_agg':
      return 'counts each different value once';
    default:
      return 'takes the value as it stands';
  }
}

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
