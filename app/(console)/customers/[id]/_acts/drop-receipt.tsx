'use client';

import { useEffect } from 'react';
import { useActs } from './acts-context';

/** Stands where the timeline says an act was undone, and takes its receipt off the page, wherever it was undone. */
export function DropReceipt({ auditRowId }: { auditRowId: string }) {
  const { applied, setApplied } = useActs();
  const stale = applied?.auditRowId === auditRowId;
  useEffect(() => {
    if (stale) setApplied(null);
  }, [stale, setApplied]);
  return null;
}
