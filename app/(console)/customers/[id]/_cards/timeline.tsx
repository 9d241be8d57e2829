import Link from 'next/link';
import { Suspense } from 'react';
import { CardBoundary } from '@/components/features/card-boundary';
import { formatInstant } from '@/components/format-date';
import { localDate } from '@/lib/billing/periods/zone';
import {
  type ComingUp,
  comingUp,
  customerTimeline,
  type TimelineEntry,
  type TimelineFilter,
} from '@/lib/queries/console/customer-timeline';
import { UndoButton } from '../../../_acts/undo-button';
import type { CustomerPage } from '../../../_reading/customer';
import { customerOutlook } from '../../../_reading/outlook';
import { reading } from '../../../_reading/tenant';
import { DropReceipt } from '../_acts/drop-receipt';
import { NextBillEntry } from './coming-entries';
import { TimelineRow } from './timeline-row';
import { canUndo, entryWords } from './timeline-words';

const FILTERS: { value: TimelineFilter; label: string }[] = [
  { value: 'everything', label: 'Everything' },
  { value: 'changes', label: 'Changes' },
  { value: 'money', label: 'Money' },
];
const COMING: Record<string, string> = {
  'subscription.activate': 'The plan starts',
  'subscription.end': 'The plan ends',
  'credit_lot.expire': 'Free credits end',
  'wallet.expire': 'Credits end',
};

export const timelineFilter = (word: string | undefined): TimelineFilter =>
  FILTERS.find(({ value }) => value === word)?.value ?? 'everything';

/** Everything that happened to this customer and what is dated to come, in one stream. */
export async function Timeline({
  page,
  filter,
  after,
}: {
  page: CustomerPage;
  filter: TimelineFilter;
  after: string | undefined;
}) {
  const { id, timezone } = page.facts;
  const { person, now } = page;
  const { stream, dated } = await reading(async ({ tx, organizationId }) => ({
    stream: await customerTimeline(tx, organizationId, id, filter, after),
    dated: after ? [] : await comingUp(tx, organizationId, id),
  }));
  const base = `/customers/${id}${filter === 'everything' ? '' : `?show=${filter}`}`;
  const join = base.includes('?') ? '&' : '?';
  return (
    <section className="mt-6" aria-label="Timeline">
      <div className="flex items-baseline gap-4">
        <h2 className="flex-1 tracking-normal">Timeline</h2>
        {FILTERS.map(({ value, label }) => (
          <Link
            key={value}
            href={value === 'everything' ? `/customers/${id}` : `/customers/${id}?show=${value}`}
            scroll={false}
            aria-current={value === filter ? 'true' : undefined}
            className={`text-xs ${value === filter ? 'font-medium text-text' : 'text-text-3 hover:text-text'}`}
          >
            {label}
          </Link>
        ))}
      </div>
      <ol className="mt-2">
        {!after &&
          filter !== 'money' &&
          dated
            .toReversed()
            .map((entry) => (
              <TimelineRow
                key={entry.id}
                when={formatInstant(lastInstant(entry), timezone, 'weekday', now)}
                title={COMING[entry.kind] ?? 'Something is due'}
                after="to come"
              />
            ))}
        {!after && filter !== 'changes' && (
          <CardBoundary what="The next bill" className="border-t border-hair py-2">
            <Suspense fallback={<TimelineRow when="…" title="Next bill" />}>
              <ForecastEntry customerId={id} />
            </Suspense>
          </CardBoundary>
        )}
        {stream.rows.map((entry) => (
          <Entry key={`${entry.kind}${entry.id}`} entry={entry} page={page} />
        ))}
        {stream.rows.length === 0 && (
          <li className="border-t border-hair py-2 text-text-2">
            {filter === 'everything'
              ? 'Nothing happened yet. Changes, bills and payments will stand here.'
              : 'Nothing of this kind happened yet.'}
          </li>
        )}
      </ol>
      {stream.next && (
        <Link href={`${base}${join}after=${stream.next}`} scroll={false} className="btn btn-sm mt-3">
          Earlier
        </Link>
      )}
      {after && person && (
        <Link href={base} scroll={false} className="btn btn-quiet btn-sm mt-3 ml-1">
          Back to today
        </Link>
      )}
    </section>
  );
}

/** Credits end as a day begins; the day people know is the one before. */
const lastInstant = ({ kind, at }: ComingUp) => (kind.endsWith('.expire') ? at - 1 : at);

async function ForecastEntry({ customerId }: { customerId: string }) {
  return <NextBillEntry outlook={await customerOutlook(customerId)} />;
}

function whenWords(at: number, now: number, timezone: string): string {
  const today = localDate(at, timezone) === localDate(now, timezone);
  return today ? `Today ${formatInstant(at, timezone, 'time')}` : formatInstant(at, timezone, 'weekday', now);
}

function Entry({ entry, page }: { entry: TimelineEntry; page: CustomerPage }) {
  const { person, now } = page;
  const { title, detail } = entryWords(entry, person, now);
  const undone = entry.undoneAt !== null;
  return (
    <TimelineRow
      when={whenWords(entry.at, now, person.timezone)}
      title={title}
      detail={detail}
      undone={undone}
      after={
        canUndo(entry, now) ? (
          <UndoButton auditRowId={entry.id} act={entry.title} />
        ) : undone ? (
          <>
            undone
            <DropReceipt auditRowId={entry.id} />
          </>
        ) : entry.invoiceId ? (
          <Link href={`/invoices/${entry.invoiceId}`} className="hover:text-text">
            {entry.kind === 'invoice' && entry.status !== 'draft' ? 'Why' : 'Open'}
          </Link>
        ) : null
      }
    />
  );
}
