import { PageColumn, PageMain } from '@/components/shell/shell';
import { Skeleton } from '@/components/ui/waiting';

/** The shape of a page while it is read. */
export default function ConsoleLoading() {
  return (
    <PageColumn>
      <div className="h-13 flex-none border-b border-line" />
      <PageMain>
        <div aria-busy="true">
          <span className="sr-only" role="status">
            Loading
          </span>
          <Skeleton className="h-6 w-56" />
          <Skeleton className="mt-3 block h-4 w-110 max-w-full" />
          <Skeleton className="mt-6 block h-20 w-full" />
          <Skeleton className="mt-6 block h-64 w-full" />
        </div>
      </PageMain>
    </PageColumn>
  );
}
