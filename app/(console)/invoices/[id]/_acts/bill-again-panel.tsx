'use client';

import { formatAmount } from '@/components/format-amount';
import { RowButton } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { ActForm } from './act-form';
import { useInvoiceActs } from './acts-context';
import { type EditedLine, editOf, type LineEdit, readEdit } from './line-edit';
import { LineFields } from './line-fields';
import type { ActLine } from './types';

interface Values {
  /** Lines that are not billed again. */
  left: string[];
  /** Lines that are counted, priced or named otherwise. */
  edits: Record<string, LineEdit>;
}

/** The lines that go on the new bill with what is changed of them; all as they were is null. */
function linesOf(
  lines: readonly ActLine[],
  { left, edits }: Values,
): { fees: (EditedLine & { fee_id: string })[] | null } | { hint: string } {
  const kept = lines.filter(({ id }) => !left.includes(id));
  if (kept.length === 0) return { hint: 'Choose a line.' };
  const fees: (EditedLine & { fee_id: string })[] = [];
  for (const line of kept) {
    const read = readEdit(line, edits[line.id] ?? editOf(line));
    if ('hint' in read) return { hint: `${line.name}: ${read.hint}` };
    fees.push({ fee_id: line.id, ...read.change });
  }
  const untouched = kept.length === lines.length && fees.every((fee) => Object.keys(fee).length === 1);
  return { fees: untouched ? null : fees };
}

/** A cancelled invoice made anew: its lines, some of them, or changed ones. */
export function BillAgainPanel() {
  const { facts } = useInvoiceActs();
  const initial: Values = { left: [], edits: {} };
  return (
    <ActForm
      act="bill-again"
      command="invoices/regenerate"
      initial={initial}
      toInput={(values) => {
        const read = linesOf(facts.lines, values);
        if ('hint' in read) return { input: null, hint: read.hint };
        return { input: { id: facts.invoiceId, ...(read.fees && { fees: read.fees }) }, hint: '' };
      }}
      fields={({ left, edits }, change) => (
        <>
          <p className="mb-3 text-pretty text-text-2">
            A new invoice with a number of its own, through discounts, taxes and credits as they stand today.
            It leaves after the minutes that bills made by hand are held, and can be taken back until then.
          </p>
          {facts.lines.map((line) => (
            <LineAgain
              key={line.id}
              line={line}
              currency={facts.currency}
              kept={!left.includes(line.id)}
              edit={edits[line.id]}
              onKept={(kept) =>
                change({ left: kept ? left.filter((id) => id !== line.id) : [...left, line.id] })
              }
              onEdit={(edit) => {
                const { [line.id]: _, ...rest } = edits;
                change({ edits: edit ? { ...rest, [line.id]: edit } : rest });
              }}
            />
          ))}
        </>
      )}
    />
  );
}

function LineAgain({
  line,
  currency,
  kept,
  edit,
  onKept,
  onEdit,
}: {
  line: ActLine;
  currency: string;
  kept: boolean;
  /** Undefined while the line is billed as it was. */
  edit: LineEdit | undefined;
  onKept: (kept: boolean) => void;
  onEdit: (edit: LineEdit | undefined) => void;
}) {
  return (
    <div className="border-t border-hair py-2">
      <div className="flex items-center gap-3">
        <Checkbox
          className="min-w-0 flex-1"
          checked={kept}
          onChange={(event) => onKept(event.target.checked)}
        >
          {line.name}
        </Checkbox>
        <span className="num text-text-2">{formatAmount(BigInt(line.amountMinor), currency)}</span>
        {kept && (
          <RowButton
            aria-label={`${edit ? 'As it was' : 'Change'}: ${line.name}`}
            aria-expanded={edit !== undefined}
            onClick={() => onEdit(edit ? undefined : editOf(line))}
          >
            {edit ? 'As it was' : 'Change'}
          </RowButton>
        )}
      </div>
      {kept && edit && (
        <div className="mt-3 mb-2">
          <LineFields line={line} edit={edit} currency={currency} onEdit={onEdit} />
        </div>
      )}
    </div>
  );
}
