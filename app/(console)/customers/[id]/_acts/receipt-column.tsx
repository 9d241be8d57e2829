'use client';

import { ReceiptStub } from '@/components/panel/receipt-stub';
import { Note } from '@/components/ui/surface';
import { receiptOf } from '../../../_acts/present';
import { UndoButton } from '../../../_acts/undo-button';
import { useActs } from './acts-context';

/** What was just done here, until the next act or until it is taken back. */
export function ReceiptColumn() {
  const { applied, setApplied, open, facts } = useActs();
  if (!applied || open) return null;
  const { preview, reason, note, auditRowId, asked, title } = applied;
  if (asked !== null) return <Note role="status">{asked || `Asked for: ${title}.`}</Note>;
  const receipt = receiptOf(
    preview,
    { reason, note },
    { today: facts.today, timezone: facts.personTimezone },
  );
  const canUndo = auditRowId !== null && preview.undo.class !== null && preview.undo.class !== 'fix_forward';
  return (
    <div role="status">
      <ReceiptStub
        receipt={{ ...receipt, title }}
        undoAction={
          canUndo && <UndoButton auditRowId={auditRowId} act={title} onDone={() => setApplied(null)} />
        }
      />
    </div>
  );
}
