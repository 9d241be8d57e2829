import { Button } from '../ui/button';
import { Perforation } from '../ui/stub';
import type { PanelState } from './types';

export interface PanelStubProps {
  state: PanelState;
  /** What is still missing before the act works: "Choose a reason." */
  missing?: string | undefined;
  /** The twin has been ticked, or there is none. */
  acknowledged: boolean;
  onConfirm: () => void;
  onRetry: () => void;
}

/** Below the tear: your limit, the act with its amount, and the way back. It never hides the figures. */
export function PanelStub(props: PanelStubProps) {
  return (
    <div className="relative flex-none bg-canvas">
      <Perforation />
      <div className="px-6 pt-4 pb-5 max-md:px-4 max-md:pb-[max(1.25rem,env(safe-area-inset-bottom))]">
        <StubLines {...props} />
      </div>
    </div>
  );
}

const previewOf = (state: PanelState) => ('preview' in state ? (state.preview ?? undefined) : undefined);

function StubLines({ state, missing, acknowledged, onConfirm, onRetry }: PanelStubProps) {
  const preview = previewOf(state);
  if (state.kind === 'failed') {
    return (
      <div className="flex items-center gap-4">
        <Button size="lg" onClick={onRetry}>
          Try again
        </Button>
        <p className="num min-w-0 flex-1 text-xs text-text-2">Reference {state.reference}</p>
      </div>
    );
  }
  const line =
    state.kind === 'moved'
      ? `You saw ${state.saw}. The button carries the new amount.`
      : preview?.limit?.text;
  return (
    <>
      {line && <p className="mb-3 text-pretty text-text-2">{line}</p>}
      <div className="flex items-center gap-4 max-md:flex-col max-md:items-stretch max-md:gap-2">
        <ActButton state={state} locked={missing !== undefined || !acknowledged} onConfirm={onConfirm} />
        <p className="min-w-0 flex-1 text-xs text-pretty text-text-2">
          <Beside state={state} missing={missing} acknowledged={acknowledged} />
        </p>
      </div>
    </>
  );
}

function ActButton({
  state,
  locked,
  onConfirm,
}: {
  state: PanelState;
  locked: boolean;
  onConfirm: () => void;
}) {
  if (state.kind === 'working') {
    return (
      <Button size="lg" disabled>
        Working it out
      </Button>
    );
  }
  if (state.kind === 'waiting' || state.kind === 'failed') {
    return (
      <Button size="lg" disabled>
        {state.kind === 'waiting' ? state.act : 'Locked'}
      </Button>
    );
  }
  if (state.kind === 'acting') {
    return <Button tone="act" size="lg" running={state.preview.acting ?? state.preview.act} />;
  }
  return (
    <Button tone="act" size="lg" shortcut={locked ? undefined : '⌘↵'} disabled={locked} onClick={onConfirm}>
      {state.preview.act}
    </Button>
  );
}

/** What stands beside the button: why it waits, or the way back. */
function Beside({
  state,
  missing,
  acknowledged,
}: Pick<PanelStubProps, 'state' | 'missing' | 'acknowledged'>) {
  if (state.kind === 'working') return state.text ?? 'New figures in a moment.';
  if (state.kind === 'waiting') return state.hint;
  if (missing) return missing;
  if (!acknowledged) return 'Tick the line above first.';
  const undo = previewOf(state)?.undo;
  if (!undo) return null;
  return (
    <>
      <span className="font-medium text-text">{undo.headline}</span>
      {undo.detail}
    </>
  );
}
