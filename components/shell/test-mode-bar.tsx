import { ClockIcon } from '../ui/icons';
import { Tag } from '../ui/state';
import type { TestMode } from './types';

/** Stripes and words: never colour alone. */
export function TestModeBar({ clock, control }: TestMode) {
  return (
    <section aria-label="Test data" className="flex-none border-b border-line bg-canvas">
      <div className="test-stripes" aria-hidden="true" />
      <div className="flex min-h-9 items-center gap-3 px-5 py-1 text-xs text-text-2 max-md:px-4">
        <Tag tone="warn">Test data</Tag>
        <span className="max-md:hidden">Nobody is charged and no mail leaves.</span>
        <span className="flex-1" />
        <span className="num flex items-center gap-1.5">
          <ClockIcon small className="text-text-3" />
          <span className="max-md:sr-only">It is</span>
          <span className="font-medium text-text">{clock}</span>
          <span className="max-md:hidden">here</span>
        </span>
        {control}
      </div>
    </section>
  );
}
