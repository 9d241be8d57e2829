'use client';

import dynamic from 'next/dynamic';
import Link from 'next/link';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { CircleQuestionMarkIcon, PlusIcon, SearchIcon, StampIcon } from '../ui/icons';
import { Menu } from '../ui/menu';
import type { ShellTools } from './types';

const loadPalette = () => import('./command-palette');
const CommandPalette = dynamic(loadPalette, { ssr: false });
const PRELOAD_AFTER = 1_000;

interface Tools extends ShellTools {
  openSearch: () => void;
}

const ToolsContext = createContext<Tools | null>(null);

function useTools(): Tools {
  const tools = useContext(ToolsContext);
  if (!tools) throw new Error('TopBar and PhoneBar belong inside Shell');
  return tools;
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Holds what the bar offers and opens search on ⌘K, or on / when nothing is being typed. */
export function ShellToolsProvider({ tools, children }: { tools: ShellTools; children: ReactNode }) {
  const [searching, setSearching] = useState(false);
  // Loaded once the page is at rest, so that what is typed right after ⌘K is not lost.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), PRELOAD_AFTER);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const chord = event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey);
      const slash = event.key === '/' && !event.metaKey && !event.ctrlKey && !isTyping(event.target);
      if (!chord && !slash) return;
      event.preventDefault();
      setSearching(true);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <ToolsContext value={{ ...tools, openSearch: () => setSearching(true) }}>
      {children}
      {searching && <CommandPalette onClose={() => setSearching(false)} />}
    </ToolsContext>
  );
}

/** Search, New, approvals and help: the same on every page. `narrow` while a panel takes room. */
export function TopBarTools({ narrow }: { narrow?: boolean }) {
  const { newItems, approvals, approvalsHref, helpHref, openSearch } = useTools();
  return (
    <>
      <button
        type="button"
        onClick={openSearch}
        aria-keyshortcuts="Meta+K Control+K"
        className={`flex h-8 items-center gap-2 rounded-md bg-sunken px-2.5 text-text-3 hover:text-text-2 max-md:hidden ${
          narrow ? 'w-44' : 'w-72 max-xl:w-44'
        }`}
      >
        <SearchIcon small />
        <span className="flex-1 truncate text-left">
          {narrow ? 'Search or do' : 'Search, or say what to do'}
        </span>
        <kbd className="kbd font-sans">⌘K</kbd>
      </button>
      {newItems.length > 0 && (
        <span className="max-md:hidden">
          <Menu
            align="end"
            trigger={
              <>
                <PlusIcon small />
                New
              </>
            }
            items={newItems}
          />
        </span>
      )}
      <Link
        href={approvalsHref}
        className="btn btn-quiet px-2"
        aria-label={`Approvals: ${approvals === 0 ? 'none' : approvals} waiting`}
      >
        <StampIcon />
        {approvals > 0 && <span className="num text-xs">{approvals}</span>}
      </Link>
      <Link href={helpHref} className="btn btn-quiet px-2 max-md:hidden" aria-label="Help and keys">
        <CircleQuestionMarkIcon />
      </Link>
    </>
  );
}

/** "Find" in the bar at the bottom of phones. */
export function FindButton({ className }: { className: string }) {
  const { openSearch } = useTools();
  return (
    <button type="button" className={className} onClick={openSearch}>
      <SearchIcon />
      Find
    </button>
  );
}
