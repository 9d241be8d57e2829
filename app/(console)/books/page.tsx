import type { Metadata } from 'next';
import { Suspense } from 'react';
import { CardBoundary } from '@/components/features/card-boundary';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { ButtonLink } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/waiting';
import { requirePerson } from '@/lib/auth/current';
import { holds } from '@/lib/auth/rights';
import { INVARIANTS } from '@/lib/queries/books';
import { NotYours } from '../_shell/not-yours';
import { Accounts } from './_checks/accounts';
import { Checks, Verdict } from './_checks/checks';

export const metadata: Metadata = { title: 'Books' };

export default async function BooksPage() {
  const person = await requirePerson();
  if (!holds(person.roles, 'books.read')) {
    return (
      <NotYours
        title="Books"
        person={person}
        right="books.read"
        many
        instead={<ButtonLink href="/invoices">Open Invoices</ButtonLink>}
      />
    );
  }
  return (
    <PageColumn>
      <TopBar title="Books" />
      <PageMain>
        <div className="max-w-200">
          <div className="flex items-start gap-4">
            <h1 className="flex-1 text-xl">Does every figure tie?</h1>
            <ButtonLink href="/books" prefetch={false}>
              Check again
            </ButtonLink>
          </div>
          <div className="mt-1">
            <CardBoundary what="The checks">
              <Suspense
                fallback={
                  <p className="text-base text-text-2" role="status">
                    Checking {INVARIANTS.length} things…
                  </p>
                }
              >
                <Verdict timezone={person.timezone} />
              </Suspense>
            </CardBoundary>
          </div>
          <CardBoundary what="The totals" className="mt-7">
            <Suspense fallback={<Skeleton className="mt-7 block h-72 w-full" />}>
              <Accounts />
            </Suspense>
          </CardBoundary>
          <CardBoundary what="The list of checks" className="mt-7">
            <Suspense fallback={<Skeleton className="mt-7 block h-120 w-full" />}>
              <Checks />
            </Suspense>
          </CardBoundary>
        </div>
      </PageMain>
    </PageColumn>
  );
}
