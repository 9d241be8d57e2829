'use client';

import dynamic from 'next/dynamic';
import { useActs } from './acts-context';
import { loadPanels } from './load';

/** Keeps the panel's room beside the page from the first paint, so that nothing moves when it arrives. */
function Room() {
  return <div aria-hidden="true" className="w-140 flex-none bg-raised max-xl:hidden" />;
}

const Panels = dynamic(loadPanels, { ssr: false, loading: Room });

/** The panel that the address names; an act that cannot be used says why instead. */
export function PanelHost() {
  const { open, facts } = useActs();
  return open && <Panels act={open} locked={facts.locked[open]} />;
}
