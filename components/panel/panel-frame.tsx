'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import { cx } from '../ui/cx';
import { XIcon } from '../ui/icons';

export interface PanelFrameProps {
  title: string;
  /** Whom it is about. */
  subject: string;
  /** Tells two of the same name apart: the domain. */
  subjectDetail?: string;
  onClose: () => void;
  /** Stays in reach below the scrolling part. */
  foot?: ReactNode;
  /** Stands over the page instead of beside it, and over another panel. */
  over?: boolean;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ReactNode;
}

/**
 * A panel at the right of the page (the whole screen on phones). The page stays readable and pressable beside it, so
 * it traps nothing: focus moves in when it opens, Esc closes it, and focus goes back to where it came from.
 */
export function PanelFrame(props: PanelFrameProps) {
  const { title, subject, subjectDetail, onClose, foot, over = false, onKeyDown, children } = props;
  const panel = useRef<HTMLElement>(null);
  const handlers = useRef({ onClose, onKeyDown });
  handlers.current = { onClose, onKeyDown };

  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector(':popover-open, dialog[open]')) return;
      if (!over && document.querySelector('[data-panel="over"]')) return;
      if (event.key === 'Escape') handlers.current.onClose();
      else handlers.current.onKeyDown?.(event);
    };
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('keydown', onKey);
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [over]);

  return (
    <section
      ref={panel}
      role="dialog"
      aria-label={`${title}, ${subject}`}
      tabIndex={-1}
      data-panel={over ? 'over' : 'beside'}
      className={cx(
        'panel-in fixed inset-y-0 right-0 flex w-full flex-none flex-col bg-raised outline-none md:w-140 md:shadow-panel',
        over ? 'z-30' : 'z-20 xl:static',
      )}
    >
      <div className="flex h-13 flex-none items-center gap-3 border-b border-line px-6 max-md:px-4">
        <h2 className="text-lg whitespace-nowrap">{title}</h2>
        <span className="min-w-0 flex-1 truncate text-text-2">
          {subject}
          {subjectDetail && <span className="text-text-3 max-md:hidden"> · {subjectDetail}</span>}
        </span>
        <button
          type="button"
          className="btn btn-quiet px-2"
          aria-label={over ? 'Close, undoes nothing' : 'Close, keeps a draft for 24 hours'}
          onClick={onClose}
        >
          <XIcon />
        </button>
      </div>
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">{children}</div>
      {foot}
    </section>
  );
}

/** One part of a panel under a small heading. */
export function PanelSection({
  title,
  aside,
  last,
  children,
}: {
  title: string;
  aside?: ReactNode;
  last?: boolean;
  children: ReactNode;
}) {
  return (
    <section className={`px-6 py-4.5 max-md:px-4 ${last ? '' : 'border-b border-hair'}`} aria-label={title}>
      <div className="flex items-baseline gap-3">
        <h3 className="flex-1 tracking-normal">{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  );
}
