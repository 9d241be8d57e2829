'use client';

import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { Button } from '@/components/ui/button';
import { decide } from './actions';

/** Approve with the amount on the button, or decline with a word why. Without fresh figures nothing can be approved. */
export function DecideButtons({
  approvalId,
  approve,
  token,
  locked,
}: {
  approvalId: string;
  approve: string;
  /** Of the figures shown; approves exactly those. */
  token: string | null;
  /** Why it cannot be approved now. */
  locked?: string;
}) {
  const router = useRouter();
  const [running, setRunning] = useState<'approve' | 'decline' | null>(null);
  const [, startTransition] = useTransition();
  const [said, setSaid] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const run = (decision: 'approve' | 'decline') => {
    if (running) return;
    setRunning(decision);
    startTransition(async () => {
      try {
        const answer = await decide({ approvalId, decision, token, note: note.trim() || null });
        setSaid(answer.message);
        if (answer.ok || answer.kind !== 'forbidden') router.refresh();
      } catch {
        setSaid('No answer came. Reload the page to see whether it was decided.');
      }
      setRunning(null);
    });
  };
  return (
    <div className="flex flex-wrap items-center gap-2 max-md:flex-col max-md:items-stretch">
      <Button
        tone="act"
        size="lg"
        disabled={token === null}
        running={running === 'approve' ? approve : undefined}
        onClick={() => run('approve')}
      >
        {approve}
      </Button>
      <Button
        size="lg"
        running={running === 'decline' ? 'Declining' : undefined}
        onClick={() => run('decline')}
      >
        Decline
      </Button>
      <span className="field h-10 min-w-48 flex-1 max-md:h-11 max-md:flex-none">
        <input
          type="text"
          aria-label="A word to the person who asked"
          placeholder="A word to who asked"
          maxLength={280}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </span>
      {(said ?? locked) && (
        <span role="status" className="basis-full text-xs text-pretty text-text-2">
          {said ?? locked}
        </span>
      )}
    </div>
  );
}
