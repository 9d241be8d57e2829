import type { ReactNode } from 'react';
import { PhoneBar } from './phone-bar';
import { Rail, type RailProps } from './rail';
import { TestModeBar } from './test-mode-bar';
import { ShellToolsProvider } from './tools';
import type { ShellTools, TestMode } from './types';

export interface ShellProps {
  rail: RailProps;
  tools: ShellTools;
  /** Set for a sandbox: stripes, the words "Test data" and its clock. */
  testMode?: TestMode;
  children: ReactNode;
}

/**
 * The frame of the console. A page gives back a `PageColumn` (a `TopBar`, then a `PageMain`) and, beside it, perhaps
 * an open panel.
 */
export function Shell({ rail, tools, testMode, children }: ShellProps) {
  return (
    <ShellToolsProvider tools={tools}>
      <div className="flex h-dvh flex-col bg-surface">
        <a
          href="#main"
          className="btn btn-act sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:px-3"
        >
          Skip to the page
        </a>
        {testMode && <TestModeBar {...testMode} />}
        <div className="flex min-h-0 flex-1 overflow-hidden">
          <Rail {...rail} />
          {children}
        </div>
        <PhoneBar hidden={rail.hidden} />
      </div>
    </ShellToolsProvider>
  );
}

/** Everything between the rail and an open panel. */
export function PageColumn({ children }: { children: ReactNode }) {
  return <div className="flex min-w-0 flex-1 flex-col">{children}</div>;
}

/** The scrolling part of a page, with the gutters. `flush` leaves the gutters to the page. */
export function PageMain({ flush, children }: { flush?: boolean; children: ReactNode }) {
  return (
    <main
      id="main"
      tabIndex={-1}
      className={`@container relative flex min-h-0 flex-1 flex-col overflow-y-auto outline-none ${
        flush ? 'max-md:pb-20' : 'px-8 pt-6 pb-8 max-md:px-4 max-md:pt-5 max-md:pb-24'
      }`}
    >
      {children}
    </main>
  );
}
