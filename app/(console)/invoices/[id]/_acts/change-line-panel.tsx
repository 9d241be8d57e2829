'use client';

import { RowButton } from '@/components/ui/button';
import { Note } from '@/components/ui/surface';
import { ActForm } from './act-form';
import { useInvoiceActs } from './acts-context';
import { editOf, type LineEdit, readEdit } from './line-edit';
import { LineFields } from './line-fields';
import type { ActLine } from './types';

interface Values {
  edit: LineEdit;
  /** Take away what was changed before instead. */
  restore: boolean;
}

/** One line of a draft: counted, priced or named otherwise, or put back as it was worked out. */
export function ChangeLinePanel() {
  const { facts } = useInvoiceActs();
  const { picked: line, invoiceId, currency } = facts;
  if (!line) return null;
  const initial: Values = { edit: editOf(line), restore: false };
  return (
    <ActForm
      act="change-line"
      about={`:${line.id}`}
      command={({ restore }) => (restore ? 'invoices/restore-line' : 'invoices/adjust-line')}
      initial={initial}
      toInput={({ edit, restore }) => {
        const of = { id: invoiceId, fee_id: line.id };
        if (restore) return { input: of, hint: '' };
        const read = readEdit(line, edit);
        if ('hint' in read) return { input: null, hint: read.hint };
        if (Object.keys(read.change).length === 0) {
          return { input: null, hint: 'Change how many, the price of one, or the name.' };
        }
        return { input: { ...of, ...read.change }, hint: '' };
      }}
      fields={({ edit, restore }, change) => (
        <>
          {line.changed && (
            <ChangedNote line={line} restore={restore} onRestore={(to) => change({ restore: to })} />
          )}
          {!restore && (
            <LineFields
              line={line}
              edit={edit}
              currency={currency}
              onEdit={(next) => change({ edit: next })}
            />
          )}
          <p className="mt-3 text-xs text-pretty text-text-2">
            Stays until the invoice is issued, however often the draft is worked out again.
          </p>
        </>
      )}
    />
  );
}

function ChangedNote({
  line,
  restore,
  onRestore,
}: {
  line: ActLine;
  restore: boolean;
  onRestore: (restore: boolean) => void;
}) {
  return (
    <Note
      className="mb-3"
      action={
        <RowButton className="flex-none" onClick={() => onRestore(!restore)}>
          {restore ? 'Change it instead' : 'Put it back'}
        </RowButton>
      }
    >
      <span className="block font-medium">{`${line.name} was changed by hand before`}</span>
      <span className="block text-text-2">
        {restore
          ? 'It is worked out then as if nobody had touched it.'
          : 'What you write here takes the place of that.'}
      </span>
    </Note>
  );
}
