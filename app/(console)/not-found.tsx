import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/waiting';

/** An address that leads nowhere in this organisation. */
export default function ConsoleNotFound() {
  return (
    <PageColumn>
      <TopBar title="Not found" />
      <PageMain>
        <EmptyState
          title="There is nothing at this address"
          actions={
            <>
              <ButtonLink href="/customers">Open Customers</ButtonLink>
              <ButtonLink tone="quiet" href="/">
                Open Today
              </ButtonLink>
            </>
          }
        >
          It may have been removed, belong to another organisation, or be mistyped. Search finds customers,
          invoices and plans by name, number or amount.
        </EmptyState>
      </PageMain>
    </PageColumn>
  );
}
