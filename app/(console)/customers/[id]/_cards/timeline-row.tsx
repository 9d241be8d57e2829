import type { ReactNode } from 'react';

interface TimelineRowProps {
  when: string;
  title: ReactNode;
  detail?: ReactNode;
  /** Taken back: ruled through. */
  undone?: boolean;
  /** Proposed, or just done by the reader. */
  ink?: boolean;
  after?: ReactNode;
}

/** One entry of the timeline: when, what, by whom, and what can still be done about it. */
export function TimelineRow({ when, title, detail, undone, ink, after }: TimelineRowProps) {
  return (
    <li className="grid grid-cols-[7.25rem_1fr_auto] gap-4 border-t border-hair py-2 max-md:grid-cols-[5rem_1fr_auto] max-md:gap-3">
      <span className={`num ${ink ? 'font-medium text-ink' : 'text-text-3'}`}>{when}</span>
      <span className="min-w-0">
        <span className={`block ${undone ? 'text-text-3 line-through' : ink ? 'text-ink' : ''}`}>
          {title}
        </span>
        {detail && <span className="block text-pretty text-text-2">{detail}</span>}
      </span>
      <span className="text-xs text-text-3">{after}</span>
    </li>
  );
}
