'use client';

import { ReceiptStub } from '@/components/panel/receipt-stub';
import type { AppliedAct } from './applied';
import { receiptOf, type Shown } from './present';
import { UndoButton } from './undo-button';

/** What was just done, with the way back where there is one. */
export default function ActReceipt({
  applied: { preview, reason, note, auditRowId, title },
  shown,
  onUndone,
}: {
  applied: AppliedAct;
  shown: Shown;
  onUndone: () => void;
}) {
  const canUndo = auditRowId !== null && preview.undo.class !== null && preview.undo.class !== 'fix_forward';
  return (
    <ReceiptStub
      receipt={{ ...receiptOf(preview, { reason, note }, shown), title }}
      undoAction={canUndo && <UndoButton auditRowId={auditRowId} act={title} onDone={onUndone} />}
    />
  );
}
