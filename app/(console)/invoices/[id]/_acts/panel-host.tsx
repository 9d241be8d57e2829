'use client';

import dynamic from 'next/dynamic';
import { PanelFrame } from '@/components/panel/panel-frame';
import { LockedState } from '@/components/ui/waiting';
import { useInvoiceActs } from './acts-context';
import { INVOICE_ACT_NAMES } from './types';

const Panels = dynamic(() => import('./panels'), { ssr: false });

/** The panel that the address names; an act that cannot be used says why instead. */
export function PanelHost() {
  const { open, close, facts } = useInvoiceActs();
  if (!open) return null;
  const reason = facts.locked[open];
  // Another line is another question: its panel begins anew.
  if (!reason) return <Panels key={`${open} ${facts.picked?.id}`} act={open} />;
  return (
    <PanelFrame title={INVOICE_ACT_NAMES[open]} subject={facts.name} over onClose={close}>
      <LockedState className="px-6 max-md:px-4" title={`${INVOICE_ACT_NAMES[open]} cannot be used here`}>
        {reason}
      </LockedState>
    </PanelFrame>
  );
}
