'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { PreviewResult } from '@/lib/commands/preview/types';
import type { AppliedAct } from '../../../_acts/applied';
import { type Act, type ActFacts, isAct } from './types';

interface Acts {
  facts: ActFacts;
  /** The act whose panel is open: it stands in the address. */
  open: Act | null;
  openAct: (act: Act) => void;
  close: () => void;
  /** Figures fresh enough to show on the page in ink; null while there is nothing proposed. */
  preview: PreviewResult | null;
  setPreview: (preview: PreviewResult | null) => void;
  applied: AppliedAct | null;
  setApplied: (applied: AppliedAct | null) => void;
}

const ActsContext = createContext<Acts | null>(null);

export function useActs(): Acts {
  const acts = useContext(ActsContext);
  if (!acts) throw new Error('This belongs inside ActsProvider');
  return acts;
}

const receiptKey = (customer: string) => `receipt:${customer}`;

/** Holds which panel is open, what it proposes and what was last done, for everything on the customer's page. */
export function ActsProvider({ facts, children }: { facts: ActFacts; children: ReactNode }) {
  const path = usePathname();
  const word = useSearchParams().get('act');
  const [preview, setPreview] = useState<PreviewResult | null>(null);
  const [applied, keepApplied] = useState<AppliedAct | null>(null);
  const { customerId } = facts;

  useEffect(() => {
    try {
      const kept = sessionStorage.getItem(receiptKey(customerId));
      if (kept) keepApplied(JSON.parse(kept) as AppliedAct);
    } catch {
      // Without storage the receipt lives as long as the page.
    }
  }, [customerId]);

  const setApplied = useCallback(
    (act: AppliedAct | null) => {
      keepApplied(act);
      try {
        // A request is not kept: it may be decided while the page is away.
        if (act && act.asked === null) sessionStorage.setItem(receiptKey(customerId), JSON.stringify(act));
        else sessionStorage.removeItem(receiptKey(customerId));
      } catch {
        // As above.
      }
    },
    [customerId],
  );
  const openAct = useCallback((act: Act) => history.pushState(null, '', `${path}?act=${act}`), [path]);
  const close = useCallback(() => {
    setPreview(null);
    history.pushState(null, '', path);
  }, [path]);
  const open = isAct(word) ? word : null;

  const value = useMemo(
    () => ({ facts, open, openAct, close, preview: open ? preview : null, setPreview, applied, setApplied }),
    [facts, open, openAct, close, preview, applied, setApplied],
  );
  return <ActsContext value={value}>{children}</ActsContext>;
}
