'use client';

import dynamic from 'next/dynamic';
import { useInvoiceActs } from './acts-context';
import { loadPanels } from './load';

const Panels = dynamic(loadPanels, { ssr: false });

/** The panel that the address names; an act that cannot be used says why instead. */
export function PanelHost() {
  const { open, facts } = useInvoiceActs();
  // Another line is another question: its panel begins anew.
  return open && <Panels key={`${open} ${facts.picked?.id}`} act={open} locked={facts.locked[open]} />;
}
