'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState, useTransition } from 'react';
import { SearchIcon } from '@/components/ui/icons';

/** Narrows a list while typing; the address carries the words. `base` is the address without them, ending in "?" or "&". */
export function SearchBox({ base, value, label }: { base: string; value: string; label: string }) {
  const router = useRouter();
  const [text, setText] = useState(value);
  const [, startTransition] = useTransition();
  const shown = useRef(value);
  useEffect(() => {
    if (text.trim() === shown.current) return;
    const timer = setTimeout(() => {
      shown.current = text.trim();
      const to = shown.current ? `${base}q=${encodeURIComponent(shown.current)}` : base.slice(0, -1);
      startTransition(() => router.replace(to, { scroll: false }));
    }, 250);
    return () => clearTimeout(timer);
  }, [text, base, router]);
  return (
    <span className="field h-7 w-56 max-md:h-9 max-md:w-full">
      <SearchIcon small className="text-text-3" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </span>
  );
}
