'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { LockedPanel } from '../../../_acts/locked-panel';
import { useInvoiceActs } from './acts-context';
import { BillAgainPanel } from './bill-again-panel';
import { CancelPanel } from './cancel-panel';
import { ChangeLinePanel } from './change-line-panel';
import { CreditNotePanel } from './credit-note-panel';
import { INVOICE_ACT_NAMES, type InvoiceAct } from './types';

const PANELS: Record<InvoiceAct, () => React.ReactNode> = {
  'change-line': ChangeLinePanel,
  'credit-note': CreditNotePanel,
  cancel: CancelPanel,
  'bill-again': BillAgainPanel,
};

/** The open panel, with what it needs to ask for figures. Loaded when the first panel opens. */
export default function Panels({ act, locked }: { act: InvoiceAct; locked: string | undefined }) {
  const [client] = useState(() => new QueryClient());
  const { facts, close } = useInvoiceActs();
  if (locked) {
    return (
      <LockedPanel act={INVOICE_ACT_NAMES[act]} subject={facts.name} over onClose={close}>
        {locked}
      </LockedPanel>
    );
  }
  const Panel = PANELS[act];
  return (
    <QueryClientProvider client={client}>
      <Panel key={act} />
    </QueryClientProvider>
  );
}
