'use client';

import { QueryClient, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { SearchIcon } from '../ui/icons';
import { Kbd } from '../ui/kbd';
import { Tag } from '../ui/state';
import { SearchResults } from './search-results';
import type { SearchAnswer } from './search-types';

const client = new QueryClient();
const DEBOUNCE = 150;

async function search(words: string, signal: AbortSignal): Promise<SearchAnswer> {
  const answer = await fetch(`/api/console/search?q=${encodeURIComponent(words)}`, { signal });
  if (!answer.ok) throw new Error(`Search answered ${answer.status}`);
  return answer.json();
}

function useDebounced(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), DEBOUNCE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Search over everything, and acts with their target filled in. Acts open a panel; nothing is ever done from here. */
export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const listId = useId();
  const router = useRouter();
  const [text, setText] = useState('');
  const [picked, setPicked] = useState(0);
  const words = useDebounced(text.trim());
  const found = useQuery(
    {
      queryKey: ['console-search', words],
      queryFn: ({ signal }) => search(words, signal),
      placeholderData: (before) => before,
      staleTime: 15_000,
      retry: 1,
    },
    client,
  );
  const groups = found.data?.groups ?? [];
  const items = groups.flatMap((group) => group.items);
  const current = items[Math.min(picked, items.length - 1)];

  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    if (current) document.getElementById(`${listId}${current.id}`)?.scrollIntoView({ block: 'nearest' });
  }, [current, listId]);

  const open = (href: string, apart: boolean) => {
    if (apart) window.open(href, '_blank', 'noopener');
    else router.push(href);
    onClose();
  };
  const onKey = (event: KeyboardEvent) => {
    const last = items.length - 1;
    if (event.key === 'ArrowDown') setPicked(picked >= last ? 0 : picked + 1);
    else if (event.key === 'ArrowUp') setPicked(picked <= 0 ? last : picked - 1);
    else if (event.key === 'Enter' && current) open(current.href, event.metaKey || event.ctrlKey);
    else return;
    event.preventDefault();
  };

  return (
    <dialog
      ref={dialog}
      aria-label="Search, or say what to do"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
      onKeyDown={onKey}
      className="pop-in fixed top-20 m-0 mx-auto w-168 max-w-[calc(100vw-2rem)] overflow-hidden rounded-xl border border-line bg-raised text-text shadow-pop backdrop:bg-canvas/70 max-md:top-0 max-md:h-dvh max-md:max-h-dvh max-md:w-full max-md:max-w-full max-md:rounded-none max-md:border-0"
    >
      <div className="flex h-13 items-center gap-3 border-b border-line px-5">
        <SearchIcon className="text-text-3" />
        <input
          autoFocus
          type="text"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setPicked(0);
          }}
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={current ? `${listId}${current.id}` : undefined}
          aria-label="Search, or say what to do"
          placeholder="Search, or say what to do"
          autoComplete="off"
          spellCheck={false}
          className="h-full min-w-0 flex-1 bg-transparent text-lg text-ink outline-none"
        />
        <button type="button" onClick={onClose} aria-label="esc, close">
          <Kbd>esc</Kbd>
        </button>
      </div>
      {found.data?.readAs && found.data.readAs.length > 0 && (
        <p className="flex flex-wrap items-center gap-1.5 border-b border-hair bg-canvas px-5 py-2 text-xs text-text-2">
          Read as
          {found.data.readAs.map((reading, index) => (
            <span key={reading} className="contents">
              {index > 0 && 'and'}
              <Tag tone="ink">{reading}</Tag>
            </span>
          ))}
          <span className="flex-1" />
          <span className="text-text-3">{items.length} found</span>
        </p>
      )}
      <div
        className={`relative max-h-[60dvh] overflow-y-auto max-md:max-h-none ${found.isPlaceholderData ? 'dim' : ''}`}
      >
        <SearchResults
          listId={listId}
          groups={groups}
          currentId={current?.id}
          words={words}
          onPoint={(id) => setPicked(items.findIndex((item) => item.id === id))}
          onOpen={open}
        />
        <p role="status" className="px-5 py-4 text-text-2 empty:hidden">
          {found.isError
            ? 'Search does not answer. Pages and lists still work.'
            : items.length === 0 && found.data
              ? 'No match. Search by amount, email, domain or invoice number.'
              : null}
        </p>
      </div>
      <p className="flex items-center gap-4 border-t border-line bg-canvas px-5 py-2 text-xs text-text-3 max-md:hidden">
        <span className="flex items-center gap-1.5">
          <Kbd>↑</Kbd>
          <Kbd>↓</Kbd>
          move
        </span>
        <span className="flex items-center gap-1.5">
          <Kbd>↵</Kbd>
          open
        </span>
        <span className="flex items-center gap-1.5">
          <Kbd>⌘↵</Kbd>
          in a new tab
        </span>
        <span className="flex-1" />
        Amount, email, domain, invoice number or code
      </p>
    </dialog>
  );
}
