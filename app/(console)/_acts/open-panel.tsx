'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { LockedPanel } from './locked-panel';

interface OpenPanelProps<A extends string> {
  act: A;
  panels: Record<A, () => React.ReactNode>;
  names: Record<A, string>;
  /** What the act is about. */
  subject: string;
  /** Why the act cannot be done, where it cannot. */
  locked: string | undefined;
  /** Lies over the page even where there is room beside it. */
  over?: boolean;
  onClose: () => void;
}

/** The panel of an act, with what it needs to ask for figures; the reason in its place where the act is locked. */
export function OpenPanel<A extends string>(props: OpenPanelProps<A>) {
  const { act, panels, names, subject, locked, over, onClose } = props;
  const [client] = useState(() => new QueryClient());
  if (locked) {
    return (
      <LockedPanel act={names[act]} subject={subject} over={over} onClose={onClose}>
        {locked}
      </LockedPanel>
    );
  }
  const Panel: () => React.ReactNode = panels[act];
  return (
    <QueryClientProvider client={client}>
      <Panel key={act} />
    </QueryClientProvider>
  );
}
