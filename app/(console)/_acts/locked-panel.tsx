'use client';

import { PanelFrame } from '@/components/panel/panel-frame';
import { LockedState } from '@/components/ui/waiting';

/** In place of the panel of an act that cannot be used here: why not. */
export function LockedPanel({
  act,
  subject,
  over,
  onClose,
  children,
}: {
  act: string;
  subject: string;
  over?: boolean;
  onClose: () => void;
  children: string;
}) {
  return (
    <PanelFrame title={act} subject={subject} over={over} onClose={onClose}>
      <LockedState className="px-6 max-md:px-4" title={`${act} cannot be used here`}>
        {children}
      </LockedState>
    </PanelFrame>
  );
}
