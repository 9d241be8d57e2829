'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';

/** Puts words on the clipboard and says so in its place. */
export function CopyButton({ text, children, act }: { text: string; children: string; act?: boolean }) {
  const [said, setSaid] = useState<string | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('Copying is not allowed here');
    }
    setTimeout(() => setSaid(null), 2000);
  };
  return (
    <Button tone={act ? 'act' : 'plain'} onClick={copy}>
      <span aria-live="polite">{said ?? children}</span>
    </Button>
  );
}
