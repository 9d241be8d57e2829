'use client';

import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { Button } from '@/components/ui/button';
import { decide } from './actions';

/** Approve with the amount on the button, or decline with a word why. */
export function DecideButtons({
  approvalId,
  approve,
  first,
}: {
  approvalId: string;
  approve: string;
  first: boolean;
}) {
  const router = useRouter();
  const [waiting, startTransition] = useTransition();
  const [said, setSaid] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const run = (decision: 'approve' | 'decline') =>
    startTransition(async () => {
      try {
        const answer = await decide({ approvalId, decision, note: note.trim() || null });
        setSaid(answer.message);
        if (answer.ok) router.refresh();
      } catch {
        setSaid('No answer came. Reload the page to see whether it was decided.');
      }
    });
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="field h-8 w-56 max-md:w-full">
        <input
          type="text"
          aria-label="A word to the person who asked"
          placeholder="A word to who asked"
          maxLength={280}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </span>
      <Button tone={first ? 'act' : 'plain'} disabled={waiting} onClick={() => run('approve')}>
        {approve}
      </Button>
      <Button disabled={waiting} onClick={() => run('decline')}>
        Decline
      </Button>
      {said && (
        <span role="status" className="basis-full text-xs text-pretty text-text-2">
          {said}
        </span>
      )}
    </div>
  );
}
