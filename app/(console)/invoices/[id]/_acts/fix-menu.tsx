'use client';

import { Menu } from '@/components/ui/menu';
import { useInvoiceActs } from './acts-context';
import { loadPanels } from './load';
import { INVOICE_ACT_NAMES, INVOICE_ACTS, type InvoiceAct } from './types';

const DETAIL: Record<InvoiceAct, string> = {
  'change-line': 'How many, the price of one, or its name',
  'credit-note': 'Gives back a part or all of it; the invoice stays',
  cancel: 'It should not exist, or should be made anew',
  'bill-again': 'The same lines or some of them, as a new invoice',
};

/** What can be done about an invoice that is wrong; what cannot says why. */
export function FixMenu() {
  const { facts, openAct } = useInvoiceActs();
  return (
    <span onPointerEnter={loadPanels} onFocusCapture={loadPanels}>
      <Menu
        trigger="Something is wrong"
        triggerClassName="btn btn-quiet"
        opens="Fix this invoice"
        align="end"
        items={INVOICE_ACTS.map((act) => ({
          label: (
            <>
              {INVOICE_ACT_NAMES[act]}
              {!facts.locked[act] && (
                <span className="block text-xs font-normal text-text-3">{DETAIL[act]}</span>
              )}
            </>
          ),
          locked: facts.locked[act],
          onPress: () => openAct(act),
        }))}
      />
    </span>
  );
}
