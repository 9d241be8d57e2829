'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { LockedPanel } from '../../../_acts/locked-panel';
import { useActs } from './acts-context';
import { ChangePlanPanel } from './change-plan-panel';
import { CreditsPanel } from './credits-panel';
import { DiscountPanel } from './discount-panel';
import { EndTrialPanel } from './end-trial-panel';
import { ExtendTrialPanel } from './extend-trial-panel';
import { PausePanel, ResumePanel } from './pause-panel';
import { ACT_NAMES, type Act } from './types';

const PANELS: Record<Act, () => React.ReactNode> = {
  'extend-trial': ExtendTrialPanel,
  credits: CreditsPanel,
  discount: DiscountPanel,
  'change-plan': ChangePlanPanel,
  'end-trial': EndTrialPanel,
  pause: PausePanel,
  resume: ResumePanel,
};

/** The open panel, with what it needs to ask for figures. Loaded when the first panel opens. */
export default function Panels({ act, locked }: { act: Act; locked: string | undefined }) {
  const [client] = useState(() => new QueryClient());
  const { facts, close } = useActs();
  if (locked) {
    return (
      <LockedPanel act={ACT_NAMES[act]} subject={facts.name} onClose={close}>
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
