import type { ReactNode } from 'react';

/** The document at the left, its explanation at the right; below each other where there is no room. Fills a flush page. */
export function InvoiceSplit({ paper, why }: { paper: ReactNode; why?: ReactNode }) {
  return (
    <div className="flex min-h-0 flex-1 max-lg:block">
      <div className="flex min-w-0 flex-1 justify-center overflow-y-auto bg-canvas px-8 py-8 max-lg:overflow-visible max-md:px-4 max-md:py-4">
        {paper}
      </div>
      {why}
    </div>
  );
}
