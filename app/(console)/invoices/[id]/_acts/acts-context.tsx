'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import type { AppliedAct } from '../../../_acts/applied';
import { type InvoiceAct, type InvoiceActFacts, isInvoiceAct } from './types';

interface InvoiceActs {
  facts: InvoiceActFacts;
  /** The act whose panel is open: it stands in the address. */
  open: InvoiceAct | null;
  openAct: (act: InvoiceAct) => void;
  close: () => void;
  applied: AppliedAct | null;
  setApplied: (applied: AppliedAct | null) => void;
}

const InvoiceActsContext = createContext<InvoiceActs | null>(null);

export function useInvoiceActs(): InvoiceActs {
  const acts = useContext(InvoiceActsContext);
  if (!acts) throw new Error('This belongs inside InvoiceActsProvider');
  return acts;
}

/** Which panel is open on an invoice and what was last done to it. */
export function InvoiceActsProvider({ facts, children }: { facts: InvoiceActFacts; children: ReactNode }) {
  const path = usePathname();
  const words = useSearchParams();
  const [applied, setApplied] = useState<AppliedAct | null>(null);
  const goTo = useCallback(
    (act: InvoiceAct | null) => {
      const next = new URLSearchParams(words);
      if (act) next.set('act', act);
      else next.delete('act');
      history.pushState(null, '', next.size > 0 ? `${path}?${next}` : path);
    },
    [path, words],
  );
  const openAct = useCallback((act: InvoiceAct) => goTo(act), [goTo]);
  const close = useCallback(() => goTo(null), [goTo]);
  const word = words.get('act');
  const open = isInvoiceAct(word) ? word : null;
  const value = useMemo(
    () => ({ facts, open, openAct, close, applied, setApplied }),
    [facts, open, openAct, close, applied],
  );
  return <InvoiceActsContext value={value}>{children}</InvoiceActsContext>;
}
