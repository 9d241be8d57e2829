'use client';

import dynamic from 'next/dynamic';
import { PanelFrame } from '@/components/panel/panel-frame';
import { LockedState } from '@/components/ui/waiting';
import { useActs } from './acts-context';
import { ACT_NAMES } from './types';

/** Keeps the panel's room beside the page from the first paint, so that nothing moves when it arrives. */
function Room() {
  return <div aria-hidden="true" className="w-140 flex-none bg-raised max-xl:hidden" />;
}

const Panels = dynamic(() => import('./panels'), { ssr: false, loading: Room });

/** The panel that the address names; an act that cannot be used says why instead. */
export function PanelHost() {
  const { open, close, facts } = useActs();
  if (!open) return null;
  const reason = facts.locked[open];
  if (!reason) return <Panels act={open} />;
  return (
    <PanelFrame title={ACT_NAMES[open]} subject={facts.name} onClose={close}>
      <LockedState className="px-6 max-md:px-4" title={`${ACT_NAMES[open]} cannot be used here`}>
        {reason}
      </LockedState>
    </PanelFrame>
  );
}
