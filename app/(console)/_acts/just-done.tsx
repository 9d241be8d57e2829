'use client';

import dynamic from 'next/dynamic';
import { Note } from '@/components/ui/surface';
import type { AppliedAct } from './applied';
import { loadReceipt } from './load';
import type { Shown } from './present';

const ActReceipt = dynamic(loadReceipt, { ssr: false });

/** The receipt of the last act here, or the word that it was asked for. */
export function JustDone({
  applied,
  shown,
  onUndone,
  className,
}: {
  applied: AppliedAct;
  shown: Shown;
  onUndone: () => void;
  className?: string;
}) {
  return (
    <div role="status" className={className}>
      {applied.asked === null ? (
        <ActReceipt applied={applied} shown={shown} onUndone={onUndone} />
      ) : (
        <Note>{applied.asked || `Asked for: ${applied.title}.`}</Note>
      )}
    </div>
  );
}
