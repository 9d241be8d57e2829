'use client';

import { OpenPanel } from '../../../_acts/open-panel';
import { useActs } from './acts-context';
import { ChangePlanPanel } from './change-plan-panel';
import { CreditsPanel } from './credits-panel';
import { DiscountPanel } from './discount-panel';
import { EndTrialPanel } from './end-trial-panel';
import { ExtendTrialPanel } from './extend-trial-panel';
import { PausePanel, ResumePanel } from './pause-panel';
import { StartPanel } from './start-panel';
import { ACT_NAMES, type Act } from './types';

const PANELS: Record<Act, () => React.ReactNode> = {
  'extend-trial': ExtendTrialPanel,
  credits: CreditsPanel,
  discount: DiscountPanel,
  'change-plan': ChangePlanPanel,
  'end-trial': EndTrialPanel,
  pause: PausePanel,
  resume: ResumePanel,
  start: StartPanel,
};

/** The open panel. Loaded when the first one opens. */
export default function Panels({ act, locked }: { act: Act; locked: string | undefined }) {
  const { facts, close } = useActs();
  return (
    <OpenPanel
      act={act}
      panels={PANELS}
      names={ACT_NAMES}
      subject={facts.name}
      locked={locked}
      onClose={close}
    />
  );
}
