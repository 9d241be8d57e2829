'use client';

import { useState } from 'react';
import { Button, type ButtonSize, type ButtonTone } from './button';

/** Puts words on the clipboard and says so in its place. */
export function CopyButton({
  text,
  children,
  tone,
  size,
  className,
}: {
  text: string;
  children: string;
  tone?: ButtonTone;
  size?: ButtonSize;
  className?: string;
}) {
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
    <Button tone={tone} size={size} className={className} onClick={copy}>
      <span aria-live="polite">{said ?? children}</span>
    </Button>
  );
}
