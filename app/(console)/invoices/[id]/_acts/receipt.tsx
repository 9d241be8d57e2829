'use client';

import { ReceiptStub } from '@/components/panel/receipt-stub';
import { Note } from '@/components/ui/surface';
import { receiptOf } from '../../../_acts/present';
import { UndoButton } from '../../../_acts/undo-button';
import { useInvoiceActs } from './acts-context';

/** What was just done to this invoice, until the next act or until it is taken back. */
export function InvoiceReceipt() {
  const { applied, setApplied, open, facts } = useInvoiceActs();
  if (!applied || open) return null;
  const { preview, reason, note, auditRowId, asked, title } = applied;
  if (asked !== null) {
    return (
      <Note role="status" className="mb-5">
        {asked || `Asked for: ${title}.`}
      </Note>
    );
  }
  const receipt = receiptOf(
    preview,
    { reason, note },
    { today: facts.today, timezone: facts.personTimezone },
  );
  const canUndo = auditRowId !== null && preview.undo.class !== null && preview.undo.class !== 'fix_forward';
  return (
    <div role="status" className="mb-6">
      <ReceiptStub
        receipt={{ ...receipt, title }}
        undoAction={
          canUndo && <UndoButton auditRowId={auditRowId} act={title} onDone={() => setApplied(null)} />
        }
      />
    </div>
  );
}
