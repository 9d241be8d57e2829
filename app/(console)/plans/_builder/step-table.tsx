'use client';

import type { ClipboardEvent } from 'react';
import { PlusIcon, XIcon } from '@/components/ui/icons';
import { formatQuantity } from '@/lib/billing/money/format';
import { type StepDraft, typedNumber } from './draft';

interface StepTableProps {
  steps: readonly StepDraft[];
  /** Of the currency. */
  symbol: string;
  /** Head of the price column. */
  priced: string;
  isPercent: boolean;
  onChange: (steps: StepDraft[]) => void;
}

const newStep = (upTo = '', price = ''): StepDraft => ({ key: crypto.randomUUID(), upTo, price, flat: '' });

/** Rows of a spreadsheet, "up to" and price by tab or semicolon; null when they are not two columns of numbers. */
function pastedSteps(text: string): StepDraft[] | null {
  const rows = text
    .trim()
    .split(/\r?\n/)
    .map((row) => row.split(/[\t;]/).map((cell) => cell.trim()));
  if (rows.length < 2 || rows.some((row) => row.length < 2)) return null;
  return rows.map((row) => newStep(typedNumber(row.at(-2) ?? '') ? row.at(-2) : '', row.at(-1)));
}

/** Steps without gaps or overlaps by construction: the lower edge is filled in, the last row is "and above". */
export function StepTable({ steps, symbol, priced, isPercent, onChange }: StepTableProps) {
  const change = (key: string, patch: Partial<StepDraft>) =>
    onChange(steps.map((step) => (step.key === key ? { ...step, ...patch } : step)));
  const add = () => {
    const last = steps.at(-1) ?? newStep();
    onChange([...steps.slice(0, -1), newStep('', last.price), last]);
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = pastedSteps(event.clipboardData.getData('text'));
    if (!pasted) return;
    event.preventDefault();
    onChange(pasted.map((step, index) => (index === pasted.length - 1 ? { ...step, upTo: '' } : step)));
  };
  return (
    <div onPaste={onPaste}>
      <table className="mt-4 w-full max-w-152 table-fixed border-separate border-spacing-0 [&_input]:min-w-0">
        <thead>
          <tr className="text-xs text-text-3">
            <th scope="col" className="w-18 pr-2 pb-1 !text-right font-medium max-md:w-12">
              From
            </th>
            <th scope="col" className="pr-4.5 pb-1 !text-right font-medium">
              Up to
            </th>
            <th scope="col" className="pr-4.5 pb-1 !text-right font-medium">
              {priced}
            </th>
            <th scope="col" className="pr-4.5 pb-1 !text-right font-medium">
              Plus, once
            </th>
            <th scope="col" className="w-9">
              <span className="sr-only">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, index) => {
            const last = index === steps.length - 1;
            const below = index === 0 ? null : typedNumber(steps[index - 1]?.upTo ?? '');
            const from = index === 0 ? '0' : below ? formatQuantity(below.add(1)) : '…';
            return (
              <tr key={step.key}>
                <td className="num pr-2 text-right text-text-2">{from}</td>
                <td className="px-2 py-1">
                  {last ? (
                    <span className="flex h-8 items-center justify-end pr-2.5 text-text-2">and above</span>
                  ) : (
                    <span className="field num field-written h-8">
                      <input
                        aria-label={`Step ${index + 1}, up to`}
                        className="text-right"
                        inputMode="numeric"
                        autoComplete="off"
                        value={step.upTo}
                        onChange={(event) => change(step.key, { upTo: event.target.value })}
                        onBlur={() => {
                          const value = typedNumber(step.upTo);
                          if (value) change(step.key, { upTo: formatQuantity(value) });
                        }}
                      />
                    </span>
                  )}
                </td>
                <td className="px-2 py-1">
                  <span className="field num field-written h-8">
                    {!isPercent && <span className="font-normal text-text-3">{symbol}</span>}
                    <input
                      aria-label={`Step ${index + 1}, price`}
                      className="text-right"
                      inputMode="decimal"
                      autoComplete="off"
                      placeholder="0 is included"
                      value={step.price}
                      onChange={(event) => change(step.key, { price: event.target.value })}
                    />
                    {isPercent && <span className="font-normal text-text-3">%</span>}
                  </span>
                </td>
                <td className="px-2 py-1">
                  <span className="field num h-8">
                    <span className="font-normal text-text-3">{symbol}</span>
                    <input
                      aria-label={`Step ${index + 1}, once when it is reached`}
                      className="text-right"
                      inputMode="decimal"
                      autoComplete="off"
                      placeholder="none"
                      value={step.flat}
                      onChange={(event) => change(step.key, { flat: event.target.value })}
                    />
                  </span>
                </td>
                <td className="w-8 text-right">
                  {!last && (
                    <button
                      type="button"
                      className="btn btn-quiet h-7 px-1.5 text-text-3"
                      aria-label={`Remove step ${index + 1}`}
                      onClick={() => onChange(steps.filter(({ key }) => key !== step.key))}
                    >
                      <XIcon small />
                    </button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div className="mt-2 flex items-center gap-2">
        <button type="button" className="btn btn-sm" onClick={add}>
          <PlusIcon small className="text-text-3" />
          Add a step
        </button>
        <span className="text-xs text-text-3">or paste rows from a spreadsheet</span>
      </div>
    </div>
  );
}
