import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { type ReactNode, Suspense } from 'react';
import { CardBoundary } from '@/components/features/card-boundary';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { Skeleton } from '@/components/ui/waiting';
import { actFacts, customerPage } from '../../_reading/customer';
import { customerOutlook } from '../../_reading/outlook';
import { ActsProvider } from './_acts/acts-context';
import { PanelHost } from './_acts/panel-host';
import { CustomerTopBar } from './_cards/customer-top-bar';
import { Details } from './_cards/details';
import { CustomerHeader } from './_cards/header';
import { MoneyCard } from './_cards/money-card';
import { NextBillCard } from './_cards/next-bill-card';
import { SideColumn } from './_cards/side-column';
import { Timeline, timelineFilter } from './_cards/timeline';
import { UseSection } from './_cards/use-section';

interface CustomerProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ show?: string; after?: string }>;
}

export async function generateMetadata({ params }: CustomerProps): Promise<Metadata> {
  const page = await customerPage((await params).id);
  return { title: page?.facts.name ?? 'Customer' };
}

export default async function CustomerPage({ params, searchParams }: CustomerProps) {
  const { id } = await params;
  const { show, after } = await searchParams;
  const page = await customerPage(id);
  if (!page) notFound();
  const { email, contact, pinnedNote } = page.facts;
  return (
    <ActsProvider facts={actFacts(page)}>
      <PageColumn>
        <CustomerTopBar />
        <PageMain>
          <div className="flex gap-10 @max-4xl:flex-col @max-4xl:gap-0">
            <div className="min-w-0 flex-1">
              <CustomerHeader page={page} />
              <div className="mt-5 grid grid-cols-1 items-start gap-4 @xl:grid-cols-[minmax(0,1.12fr)_minmax(0,1fr)]">
                <Waiting what="The next bill" skeleton={<CardSkeleton lines={5} />}>
                  <NextBill customerId={id} />
                </Waiting>
                <Waiting what="Money" skeleton={<CardSkeleton lines={5} />}>
                  <MoneyCard page={page} />
                </Waiting>
              </div>
              <Waiting what="Use" skeleton={<Skeleton className="mt-6 h-36 w-full" />}>
                <UseSection page={page} />
              </Waiting>
              <Waiting what="The timeline" skeleton={<Skeleton className="mt-6 h-64 w-full" />}>
                <Timeline page={page} filter={timelineFilter(show)} after={after} />
              </Waiting>
              <Details page={page} />
            </div>
            <SideColumn>
              {(email || contact || pinnedNote) && (
                <>
                  {(email || contact) && (
                    <section aria-label="Who to write to">
                      <h2 className="font-semibold tracking-normal">Who to write to</h2>
                      <p className="mt-2 flex gap-3 border-t border-hair py-2">
                        <span className="min-w-0 flex-1 truncate">{contact ?? email}</span>
                        {contact && <span className="min-w-0 truncate text-text-2">{email}</span>}
                      </p>
                    </section>
                  )}
                  {pinnedNote && (
                    <section aria-label="Pinned note">
                      <h2 className="font-semibold tracking-normal">Pinned note</h2>
                      <p className="mt-2 border-t border-hair py-2 text-pretty text-text-2">{pinnedNote}</p>
                    </section>
                  )}
                </>
              )}
            </SideColumn>
          </div>
        </PageMain>
      </PageColumn>
      <PanelHost />
    </ActsProvider>
  );
}

async function NextBill({ customerId }: { customerId: string }) {
  return <NextBillCard outlook={await customerOutlook(customerId)} />;
}

function Waiting({ what, skeleton, children }: { what: string; skeleton: ReactNode; children: ReactNode }) {
  return (
    <CardBoundary what={what} className="card p-4">
      <Suspense fallback={skeleton}>{children}</Suspense>
    </CardBoundary>
  );
}

function CardSkeleton({ lines }: { lines: number }) {
  return (
    <div className="card p-4" aria-hidden="true">
      <Skeleton className="h-4 w-24" />
      <div className="mt-4 space-y-4">
        {Array.from({ length: lines }, (_, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of nothing have no other name
          <Skeleton key={line} className="h-4 w-full" />
        ))}
      </div>
    </div>
  );
}
