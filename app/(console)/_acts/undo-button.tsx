'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { RowButton } from '@/components/ui/button';

const loadPanel = () => import('./undo-panel');
const UndoPanel = dynamic(loadPanel, { ssr: false });

/** Asks before an act is taken back: opens the panel that says, to the cent, what the undo does. */
export function UndoButton({
  auditRowId,
  act,
  onDone,
}: {
  auditRowId: string;
  act: string;
  onDone?: () => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <RowButton
        onClick={() => setOpen(true)}
        onPointerEnter={loadPanel}
        onFocus={loadPanel}
        aria-label={`Undo: ${act}`}
        aria-expanded={open}
      >
        Undo
      </RowButton>
      {open && <UndoPanel auditRowId={auditRowId} act={act} onClose={() => setOpen(false)} onDone={onDone} />}
    </>
  );
}
