'use client';

import { useEffect, useRef } from 'react';

/** Inside a row that scrolls sideways: brings its current item into sight, on a phone the last of many tabs. */
export function CurrentInView() {
  const here = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const row = here.current?.parentElement;
    const current = row?.querySelector<HTMLElement>('[aria-current=page]');
    if (row && current) row.scrollLeft = current.offsetLeft - row.offsetLeft - row.clientWidth / 2;
  });
  return <span ref={here} hidden />;
}
