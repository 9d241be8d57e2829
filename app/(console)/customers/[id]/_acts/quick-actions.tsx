'use client';

import { useEffect } from 'react';
import {
  ArrowRightLeftIcon,
  CalendarPlusIcon,
  CoinsIcon,
  EllipsisIcon,
  type Icon,
  PercentIcon,
  PlayIcon,
  PlusIcon,
} from '@/components/ui/icons';
import { Menu } from '@/components/ui/menu';
import { useActs } from './acts-context';
import { loadPanels } from './load';
import { ACT_NAMES, type Act, MENU_ACTS, ROW_ACTS } from './types';

type InRow = (typeof ROW_ACTS)[number] | 'resume' | 'start';

const GLYPHS: Record<InRow, Icon> = {
  'extend-trial': CalendarPlusIcon,
  discount: PercentIcon,
  credits: CoinsIcon,
  'change-plan': ArrowRightLeftIcon,
  resume: PlayIcon,
  start: PlusIcon,
};
const MORE: Record<string, string> = {
  'end-trial': 'Today is the first paid day',
  pause: 'No service and no bills until it is resumed',
  start: 'One more, beside what there is',
};
const KEYS: Record<string, Act> = { e: 'extend-trial', d: 'discount', c: 'credits' };

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  target.closest('input, textarea, select, [contenteditable], dialog, [popover]') !== null;

/** The acts of this page. One that cannot be used stays in its place; why stands in words after the row. */
export function QuickActions() {
  const { open, openAct, facts } = useActs();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const act = KEYS[event.key];
      if (!act || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      if (open || facts.locked[act]) return;
      event.preventDefault();
      openAct(act);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [open, openAct, facts]);

  const first: InRow[] = facts.paused ? ['resume'] : facts.withoutPlan ? ['start'] : [];
  const row: readonly InRow[] = [...first, ...ROW_ACTS];
  const menu = MENU_ACTS.filter((act) => !row.some((shown) => shown === act));
  return (
    <div
      className="mt-4 flex flex-wrap items-center gap-1.5"
      onPointerEnter={loadPanels}
      onFocusCapture={loadPanels}
    >
      {row.map((act) => {
        const Glyph = GLYPHS[act];
        const reason = facts.locked[act];
        const current = open === act;
        return (
          <button
            key={act}
            type="button"
            className={`btn btn-sm ${current ? 'border-ink text-ink' : ''}`}
            aria-expanded={current}
            aria-description={reason}
            disabled={reason !== undefined}
            onClick={() => openAct(act)}
          >
            <Glyph small className={current ? undefined : 'text-text-3'} />
            {ACT_NAMES[act]}
          </button>
        );
      })}
      <Menu
        label="More acts"
        trigger={<EllipsisIcon small />}
        triggerClassName="btn btn-sm px-2"
        items={menu.map((act) => ({
          label: (
            <>
              {ACT_NAMES[act]}
              {!facts.locked[act] && (
                <span className="block text-xs font-normal text-text-3">{MORE[act]}</span>
              )}
            </>
          ),
          locked: facts.locked[act],
          onPress: () => openAct(act),
        }))}
      />
      {open === null && facts.lockedWords.length > 0 && (
        <span className="ml-1 text-xs text-pretty text-text-3">{facts.lockedWords.join(' ')}</span>
      )}
    </div>
  );
}
