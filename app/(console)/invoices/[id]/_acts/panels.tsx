'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { BillAgainPanel } from './bill-again-panel';
import { CancelPanel } from './cancel-panel';
import { ChangeLinePanel } from './change-line-panel';
import { CreditNotePanel } from './credit-note-panel';
import type { InvoiceAct } from './types';

const PANELS: Record<InvoiceAct, () => React.ReactNode> = {
  'change-line': ChangeLinePanel,
  'credit-note': CreditNotePanel,
  cancel: CancelPanel,
  'bill-again': BillAgainPanel,
};

/** The open panel, with what it needs to ask for figures. Loaded when the first panel opens. */
export default function Panels({ act }: { act: InvoiceAct }) {
  const [client] = useState(() => new QueryClient());
  const Panel = PANELS[act];
  return (
    <QueryClientProvider client={client}>
      <Panel key={act} />
    </QueryClientProvider>
  );
}
