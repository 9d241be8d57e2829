'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** The up and down keys walk the lines of the paper while nothing is being typed. */
export function LineKeys({ hrefs, at }: { hrefs: readonly string[]; at: number }) {
  const router = useRouter();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName))
        return;
      if (document.querySelector(':popover-open, dialog[open]')) return;
      const to = hrefs[event.key === 'ArrowDown' ? at + 1 : event.key === 'ArrowUp' ? at - 1 : -1];
      if (!to) return;
      event.preventDefault();
      router.replace(to, { scroll: false });
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [hrefs, at, router]);
  return null;
}
