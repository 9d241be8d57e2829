'use client';

import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { Button } from '@/components/ui/button';
import { retryWork } from './actions';

/** How long the worker may take before the page looks again. */
const LOOK_AGAIN_MS = 2_500;

/** Takes set-aside work up again, and says in place what came of it. */
export function RetryButton({ dueItemId, name, tone }: { dueItemId: string; name: string; tone?: 'act' }) {
  const router = useRouter();
  const [waiting, startTransition] = useTransition();
  const [said, setSaid] = useState<string | null>(null);
  const retry = () =>
    startTransition(async () => {
      try {
        const trouble = await retryWork(dueItemId);
        setSaid(trouble ?? 'Being tried again. It comes back here if it fails once more.');
        if (trouble === null) await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
        router.refresh();
      } catch {
        setSaid('No answer came. Reload the page to see where it stands.');
      }
    });
  return (
    <span className="flex flex-col gap-1">
      <Button
        size="sm"
        tone={tone}
        className="w-full"
        running={waiting ? 'Trying' : undefined}
        onClick={retry}
        aria-label={`Try again: ${name}`}
      >
        Try again
      </Button>
      {said && (
        <span role="status" className="text-xs text-pretty text-text-2">
          {said}
        </span>
      )}
    </span>
  );
}
