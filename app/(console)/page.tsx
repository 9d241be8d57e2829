import type { Metadata } from 'next';
import { Suspense } from 'react';
import { CardBoundary } from '@/components/features/card-boundary';
import { formatInstant, zonePlace } from '@/components/format-date';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { KindStrip } from '@/components/ui/tabs';
import { EmptyState, Skeleton } from '@/components/ui/waiting';
import { holds } from '@/lib/auth/rights';
import { WORK_KINDS, type WorkKind, type WorkRow } from '@/lib/queries/console/today';
import { oneOf, only } from './_list/address';
import { reading } from './_reading/tenant';
import { work } from './_shell/shell-facts';
import { ComingUp } from './_today/coming-up';
import { WebhooksOff } from './_today/webhooks-off';
import { WorkList } from './_today/work-list';
import { KIND_NAMES, kindMoney, urgency, workWords } from './_today/work-words';
import { YourChanges } from './_today/your-changes';

export const metadata: Metadata = { title: 'Today' };

interface TodayProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function TodayPage({ searchParams }: TodayProps) {
  const kind = oneOf(['everything', ...WORK_KINDS] as const, only((await searchParams).kind));
  const [rows, { now, person }] = await Promise.all([
    work(),
    reading(async (read) => ({ now: read.now, person: read.person })),
  ]);
  const shown = kind === 'everything' ? rows : rows.filter((row) => row.kind === kind);
  const place = `in ${zonePlace(person.timezone)}`;
  return (
    <PageColumn>
      <TopBar>
        <span className="num truncate">
          {formatInstant(now, person.timezone, 'moment')} <span className="max-md:hidden">{place}</span>
        </span>
      </TopBar>
      <PageMain>
        <h1 className="text-xl">{headline(rows.length)}</h1>
        <p className="mt-1 text-base text-pretty text-text-2">{opening(rows, now, person.timezone)}</p>
        <CardBoundary what="The state of webhooks">
          <WebhooksOff />
        </CardBoundary>
        <div className="mt-5">
          <KindStrip
            label="Kinds of work"
            items={[
              {
                href: '/',
                label: 'Everything',
                count: rows.length,
                detail: rows.length === 1 ? 'thing to do' : 'things to do',
                current: kind === 'everything',
              },
              ...kindsShown(rows).map((value) => strip(value, rows, kind === value)),
            ]}
          />
        </div>
        <div className="mt-6 flex gap-10 @max-4xl:flex-col @max-4xl:gap-6">
          {shown.length > 0 ? (
            <WorkList
              rows={shown}
              now={now}
              timezone={person.timezone}
              may={(right) => holds(person.roles, right)}
            />
          ) : (
            <div className="min-w-0 flex-1">
              <EmptyState title={kind === 'everything' ? 'Nothing waits' : 'All clear here'}>
                Failed payments, trials about to end, odd drafts, approvals and credits about to end appear
                here.
              </EmptyState>
            </div>
          )}
          <aside className="w-76 flex-none @max-4xl:w-auto" aria-label="Your changes">
            <CardBoundary what="Your changes">
              <Suspense fallback={<Skeleton className="h-48 w-full" />}>
                <YourChanges />
              </Suspense>
            </CardBoundary>
            <CardBoundary what="What is coming up">
              <Suspense fallback={<Skeleton className="mt-5 h-20 w-full" />}>
                <ComingUp />
              </Suspense>
            </CardBoundary>
          </aside>
        </div>
      </PageMain>
    </PageColumn>
  );
}

/** Set-aside work is rare, so its kind is there only when there is some. */
const kindsShown = (rows: readonly WorkRow[]) =>
  WORK_KINDS.filter((kind) => kind !== 'parked' || rows.some((row) => row.kind === kind));

function headline(count: number): string {
  if (count === 0) return 'Nothing needs a person';
  return count === 1 ? 'One thing needs a person' : `${count} things need a person`;
}

/** One sentence about the most pressing thing, so that the list need not be read first. */
function opening(rows: readonly WorkRow[], now: number, timezone: string): string {
  const checked = `Checked at ${formatInstant(now, timezone, 'time')}`;
  const first = rows.find((row) => urgency(row, now) === 'first') ?? rows[0];
  if (!first) return `Bills and trials run by themselves. ${checked}.`;
  const words = workWords(first, now, timezone);
  return `Start with ${first.name}: ${words.sentence.charAt(0).toLowerCase()}${words.sentence.slice(1)} ${checked}.`;
}

function strip(kind: WorkKind, rows: readonly WorkRow[], current: boolean) {
  const count = rows.filter((row) => row.kind === kind).length;
  return {
    href: `/?kind=${kind}`,
    label: KIND_NAMES[kind],
    count,
    detail: count === 0 ? 'all clear' : kindMoney(rows, kind),
    current,
  };
}
