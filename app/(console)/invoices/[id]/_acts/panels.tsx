'use client';

import { OpenPanel } from '../../../_acts/open-panel';
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

/** The open panel. Loaded when the first one opens. */
export default function Panels({ act, locked }: { act: InvoiceAct; locked: string | undefined }) {
  const { facts, close } = useInvoiceActs();
  return (
    <OpenPanel
      act={act}
      panels={PANELS}
      names={INVOICE_ACT_NAMES}
      subject={facts.name}
      locked={locked}
      over
      onClose={close}
    />
  );
}
