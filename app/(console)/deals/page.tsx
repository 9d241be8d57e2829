import type { Metadata } from 'next';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/waiting';

export const metadata: Metadata = { title: 'Deals' };

export default function DealsPage() {
  return (
    <PageColumn>
      <TopBar title="Deals" />
      <PageMain>
        <EmptyState
          title="No deals yet"
          actions={<ButtonLink href="/customers?view=trials">Open customers who are trying</ButtonLink>}
        >
          A deal gives a longer trial, credits and a discount under one code. Until codes are here, give the
          three on the customer’s page: each is worked out first, kept within your limit, and can be taken
          back.
        </EmptyState>
      </PageMain>
    </PageColumn>
  );
}
