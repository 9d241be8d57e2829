import { formatInstant } from '@/components/format-date';
import { DeltaTable, DueTable } from '@/components/panel/delta-table';
import type { PanelPreview } from '@/components/panel/types';
import { Certainty } from '@/components/ui/state';
import { Note, Section } from '@/components/ui/surface';
import { databases } from '@/db/process';
import type { Person } from '@/lib/auth/current';
import { localDate } from '@/lib/billing/periods/zone';
import { freshFigures } from '@/lib/commands/approvals/figures';
import type { PreviewResult } from '@/lib/commands/preview/types';
import type { ApprovalRow } from '@/lib/queries/console/approvals';
import { actorOf } from '../../_acts/actor';
import { presentPreview } from '../../_acts/present';
import { DecideButtons } from '../decide-buttons';
import { figuresAsked, movedWords, requestAmount } from './words';

interface FiguresProps {
  row: ApprovalRow;
  person: Person;
  now: number;
}

const present = (preview: PreviewResult, { person, now }: FiguresProps, saw?: PreviewResult): PanelPreview =>
  presentPreview(preview, { today: localDate(now, preview.after.timezone), timezone: person.timezone }, saw);

/** The figures as they stood when it was asked: for those who do not decide, and while fresh ones are worked out. */
export function FiguresAsked(props: FiguresProps & { working?: boolean }) {
  const asked = figuresAsked(props.row);
  if (!asked) return null;
  const panel = present(asked, props);
  return (
    <MeaningSection panel={panel} text={`As asked ${panel.exactness.text.replace(/^.*, /, '')}`}>
      {panel.due && <DueTable due={panel.due} freshness={props.working ? 'working' : 'fresh'} />}
      <DeltaTable rows={panel.rows} freshness={props.working ? 'working' : 'fresh'} />
    </MeaningSection>
  );
}

function MeaningSection({
  panel,
  text,
  children,
}: {
  panel: PanelPreview;
  text: string;
  children: React.ReactNode;
}) {
  return (
    <Section
      title="What it means"
      className="mt-6"
      after={
        <Certainty exact={panel.exactness.exact} className="num text-xs text-text-2 max-md:hidden">
          {text}
        </Certainty>
      }
    >
      <p className="mt-0.5 text-xs text-text-2 md:hidden">{text}</p>
      {children}
    </Section>
  );
}

/** The figures worked out now, what has moved since it was asked, and the two answers. */
export async function FreshFigures(props: FiguresProps) {
  const { row, person } = props;
  const { organizationId } = person;
  const answer = await freshFigures(databases(), { organizationId, actor: actorOf(person) }, row.id);
  const asked = figuresAsked(row);
  if (!answer.ok) {
    return (
      <>
        <FiguresAsked {...props} />
        <Note warn role="alert" className="mt-5">
          It cannot be done as it was asked any more: {answer.message} Nothing was changed.
        </Note>
        <div className="mt-5">
          <DecideButtons approvalId={row.id} approve="Approve" token={null} locked="Decline it, or wait." />
        </div>
      </>
    );
  }
  const panel = present(answer.preview, props, asked);
  const moved = asked ? movedWords(panel, present(asked, props)) : null;
  const charge = panel.due ? `, charge ${panel.due.total.amount}` : '';
  return (
    <>
      {moved && (
        <Note warn className="mt-5">
          Figures have moved since {row.requestedByName} asked. The tinted ones are new.
        </Note>
      )}
      <MeaningSection
        panel={panel}
        text={panel.exactness.text.replace(/worked out|use,/, (found) =>
          found === 'use,' ? 'use, worked out again' : 'worked out again',
        )}
      >
        {panel.due && <DueTable due={panel.due} freshness="fresh" />}
        <DeltaTable rows={panel.rows} freshness="fresh" />
        {moved && (
          <p className="mt-3 text-xs text-pretty text-text-3">
            When {row.requestedByName} asked,{' '}
            {formatInstant(row.createdAt, person.timezone, 'moment', props.now)}: {moved}.
          </p>
        )}
        {panel.conflicts?.map((text) => (
          <Note key={text} warn className="mt-3">
            {text}
          </Note>
        ))}
      </MeaningSection>
      <div className="relative -mx-4 mt-6 -mb-4 rounded-b-[10px] bg-canvas px-4 pt-4 pb-4">
        <div className="perf absolute inset-x-3 -top-px" aria-hidden="true" />
        <p className="mb-3 text-pretty text-text-2">
          <span className="font-medium text-text">{panel.undo.headline}</span>
          {panel.undo.detail}
        </p>
        <DecideButtons
          approvalId={row.id}
          approve={`Approve${requestAmount(row) ? ` ${requestAmount(row)}` : ''}${charge}`}
          token={answer.preview.token}
        />
      </div>
    </>
  );
}
