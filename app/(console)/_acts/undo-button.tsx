'use client';

import { useRouter } from 'next/navigation';
import { useRef, useState, useTransition } from 'react';
import { RowButton } from '@/components/ui/button';
import { undoChange } from './undo';

/** Takes one act back, once, and says in place why it could not. */
export function UndoButton({
  auditRowId,
  act,
  onDone,
}: {
  auditRowId: string;
  act: string;
  onDone?: () => void;
}) {
  const router = useRouter();
  const [waiting, startTransition] = useTransition();
  const [trouble, setTrouble] = useState<string | null>(null);
  const key = useRef<string | null>(null);
  const undo = () =>
    startTransition(async () => {
      key.current ??= crypto.randomUUID();
      try {
        const answer = await undoChange(auditRowId, key.current);
        if (!answer.ok) return setTrouble(answer.message);
        setTrouble(null);
        onDone?.();
        router.refresh();
      } catch {
        setTrouble('No answer came. Try again: it is undone once at most.');
      }
    });
  return (
    <span className="flex flex-col items-end gap-1">
      <RowButton onClick={undo} disabled={waiting} aria-label={`Undo: ${act}`}>
        {waiting ? 'Undoing' : 'Undo'}
      </RowButton>
      {trouble && (
        <span role="alert" className="max-w-60 text-right text-xs whitespace-normal text-pretty text-warn">
          {trouble}
        </span>
      )}
    </span>
  );
}
