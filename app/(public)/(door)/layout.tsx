import type { ReactNode } from 'react';
import { Mark } from '@/components/ui/mark';

/** The one place where the product's name stands alone: a stub, its short piece on the left, the form on the right. */
export default function DoorLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col items-center justify-center px-6 py-10 max-md:px-4">
      <div className="stub stub-v w-full max-w-190 max-md:max-w-100">
        <header className="flex w-62 flex-none flex-col justify-between p-8 max-md:hidden">
          <p className="flex items-center gap-2.5">
            <Mark size={24} />
            <span className="text-lg font-semibold tracking-tight">Counterfoil</span>
          </p>
          <p className="mt-10 text-base leading-6 text-pretty text-text-2">
            The part you keep: what changed, what it cost, who decided, and how to take it back.
          </p>
        </header>
        <main className="min-w-0 flex-1 px-12 py-11 max-md:rounded-xl max-md:px-6 max-md:py-8 max-md:[mask:none]">
          <div className="perf-v max-md:hidden" aria-hidden="true" />
          {children}
        </main>
      </div>
      <footer className="mt-8 text-xs text-pretty text-text-3">
        Open source, run by your own team on its own servers.
      </footer>
    </div>
  );
}
