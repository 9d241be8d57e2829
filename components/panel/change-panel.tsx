'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { Checkbox } from '../ui/checkbox';
import { CloudOffIcon, CopyIcon, HistoryIcon } from '../ui/icons';
import { Certainty } from '../ui/state';
import { Note } from '../ui/surface';
import { Skeleton } from '../ui/waiting';
import { DeltaTable, DueTable } from './delta-table';
import { PanelFrame, PanelSection } from './panel-frame';
import { PanelStub } from './panel-stub';
import type { PanelPreview, PanelState } from './types';
import { WhySection, type WhySectionProps } from './why-section';

export interface ChangePanelProps {
  title: string;
  subject: string;
  subjectDetail?: string;
  state: PanelState;
  /** The inputs of this act: "What changes". */
  children: ReactNode;
  /** Left out for acts that need no reason. */
  why?: Omit<WhySectionProps, 'children'>;
  /** Under the reasons: e-mail to the customer and the like. */
  extra?: ReactNode;
  /** Stands over the page instead of beside it. */
  over?: boolean;
  /** What is still missing before the act works, in words; nothing when complete. */
  missing?: string;
  onConfirm: () => void;
  onRetry: () => void;
  onClose: () => void;
}

const SETTLE = 600;

/** The panel every change of money goes through: what changes, what it means, why, and the stub. */
export function ChangePanel(props: ChangePanelProps) {
  const { state, why, extra, missing, onConfirm, onRetry } = props;
  const preview = 'preview' in state ? (state.preview ?? null) : null;
  const twin = preview?.twin;
  const [ticked, setTicked] = useState<string | null>(null);
  const acknowledged = !twin || ticked === twin.text;
  const pressable = (state.kind === 'ready' || state.kind === 'moved') && acknowledged && !missing;
  const freshness = state.kind === 'working' ? 'working' : state.kind === 'failed' ? 'old' : 'fresh';

  return (
    <PanelFrame
      title={props.title}
      subject={props.subject}
      subjectDetail={props.subjectDetail}
      over={props.over}
      onClose={props.onClose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || !pressable) return;
        event.preventDefault();
        onConfirm();
      }}
      foot={
        <PanelStub
          state={state}
          missing={missing}
          acknowledged={acknowledged}
          onConfirm={onConfirm}
          onRetry={onRetry}
        />
      }
    >
      {(state.kind === 'moved' || state.kind === 'failed') && (
        <Note
          warn
          icon={state.kind === 'failed' ? CloudOffIcon : undefined}
          role="alert"
          className="mx-6 mt-4 flex-none max-md:mx-4"
        >
          {state.text}
        </Note>
      )}
      <PanelSection title="What changes">
        <div className="mt-3">{props.children}</div>
      </PanelSection>
      {preview?.due && (
        <PanelSection title={preview.due.title ?? 'Due today'}>
          <DueTable due={preview.due} freshness={freshness} />
        </PanelSection>
      )}
      {(preview || state.kind === 'working') && (
        <PanelSection
          title="What it means"
          aside={preview && freshness !== 'old' && <Exact preview={preview} />}
        >
          {preview ? <DeltaTable rows={preview.rows} freshness={freshness} /> : <FirstFigures />}
          {preview && <Warnings preview={preview} ticked={ticked} onTick={setTicked} />}
        </PanelSection>
      )}
      {why && (
        <WhySection {...why}>
          {preview?.history && (
            <Note icon={HistoryIcon} className="mt-4">
              {preview.history}
            </Note>
          )}
          {extra && <div className="mt-4">{extra}</div>}
        </WhySection>
      )}
      {!why && extra && <div className="px-6 py-4.5 max-md:px-4">{extra}</div>}
      <Announcement state={state} />
    </PanelFrame>
  );
}

function Exact({ preview }: { preview: PanelPreview }) {
  return (
    <Certainty exact={preview.exactness.exact} className="num text-xs text-text-2">
      {preview.exactness.text}
    </Certainty>
  );
}

function FirstFigures() {
  return (
    <div className="mt-3 space-y-3.5" aria-hidden="true">
      <Skeleton className="h-4 w-full" />
      <Skeleton className="h-4 w-full" />
      <Skeleton className="h-4 w-4/5" />
    </div>
  );
}

function Warnings({
  preview,
  ticked,
  onTick,
}: {
  preview: PanelPreview;
  ticked: string | null;
  onTick: (text: string | null) => void;
}) {
  const { conflicts = [], twin } = preview;
  return (
    <>
      {conflicts.map((text) => (
        <Note key={text} warn className="mt-3">
          {text}
        </Note>
      ))}
      {twin && (
        <>
          <Note warn icon={CopyIcon} className="mt-3">
            {twin.text}
          </Note>
          <Checkbox
            className="mt-3"
            checked={ticked === twin.text}
            onChange={(event) => onTick(event.target.checked ? twin.text : null)}
          >
            {twin.acknowledge}
          </Checkbox>
        </>
      )}
    </>
  );
}

/** Tells the new totals once they have settled, politely and never while they are still moving. */
function Announcement({ state }: { state: PanelState }) {
  const [said, setSaid] = useState('');
  const settled = state.kind === 'ready' || state.kind === 'moved' ? state.preview : null;
  const text = settled
    ? [
        ...settled.rows
          .filter((row) => row.changed)
          .map((row) => `${row.label}: ${row.after}, was ${row.now}.`),
        `${settled.exactness.text}.`,
      ].join(' ')
    : '';
  useEffect(() => {
    if (!text) return;
    const timer = setTimeout(() => setSaid(text), SETTLE);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p className="sr-only" aria-live="polite">
      {said}
    </p>
  );
}
