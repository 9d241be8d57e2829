'use client';

import Link from 'next/link';
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import { cx } from './cx';

export interface MenuItem {
  label: ReactNode;
  icon?: ReactNode;
  /** A key or a figure at the end. */
  after?: ReactNode;
  href?: string;
  onPress?: () => void;
  /** Stays in its place and says why. */
  locked?: string;
}

export interface MenuProps {
  /** The button's words or icon. */
  trigger: ReactNode;
  /** Class of the button; a plain button if left out. */
  triggerClassName?: string;
  /** Name of the button when its content is only an icon. */
  label?: string;
  /** Name of what opens, when the button is named by its own words. */
  opens?: string;
  items?: readonly MenuItem[];
  /** Anything else to put in the popover instead of items. */
  children?: ReactNode;
  align?: 'start' | 'end';
}

/** A native popover under a button; made of phrasing elements so that it may stand inside a sentence. Arrow keys move; Esc, a press outside or a choice closes it. */
export function Menu({
  trigger,
  triggerClassName = 'btn',
  label,
  opens = label,
  items,
  children,
  align = 'start',
}: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLSpanElement>(null);

  const place = () => {
    const box = popover.current;
    const from = button.current?.getBoundingClientRect();
    if (!box || !from) return;
    const width = box.offsetWidth;
    const left = align === 'end' ? from.right - width : from.left;
    box.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    const below = innerHeight - from.bottom - 8;
    const up = box.offsetHeight > below && from.top > below;
    box.style.top = up ? `${Math.max(8, from.top - box.offsetHeight - 6)}px` : `${from.bottom + 6}px`;
    if (items) box.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  };
  const move = (event: KeyboardEvent<HTMLSpanElement>) => {
    if (!items || !['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(event.key)) return;
    event.preventDefault();
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to =
      event.key === 'Home'
        ? 0
        : event.key === 'End'
          ? all.length - 1
          : (at + (event.key === 'ArrowDown' ? 1 : -1) + all.length) % all.length;
    all[to]?.focus();
  };
  const close = () => popover.current?.hidePopover();

  return (
    <>
      <button
        ref={button}
        type="button"
        className={triggerClassName}
        aria-label={label}
        aria-haspopup={items ? 'menu' : 'dialog'}
        popoverTarget={id}
      >
        {trigger}
      </button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useAriaPropsSupportedByRole: its role is menu or dialog */}
      <span
        ref={popover}
        id={id}
        popover="auto"
        role={items ? 'menu' : 'dialog'}
        aria-label={opens}
        className={cx('menu pop-in fixed inset-auto', !items && 'p-4')}
        onToggle={(event) => event.newState === 'open' && place()}
        onKeyDown={move}
      >
        {items?.map((item, index) => (
          <MenuLine key={item.href ?? index} item={item} close={close} />
        ))}
        {children}
      </span>
    </>
  );
}

function MenuLine({ item, close }: { item: MenuItem; close: () => void }) {
  const inside = (
    <>
      {item.icon}
      <span className="min-w-0 flex-1">
        {item.label}
        {item.locked && <span className="block text-xs font-normal text-text-3">{item.locked}</span>}
      </span>
      {item.after && <span className="num text-xs font-normal text-text-3">{item.after}</span>}
    </>
  );
  if (item.href && !item.locked) {
    return (
      <Link role="menuitem" href={item.href} className="menu-item" onClick={close}>
        {inside}
      </Link>
    );
  }
  return (
    <button
      type="button"
      role="menuitem"
      className="menu-item"
      aria-disabled={item.locked ? true : undefined}
      onClick={() => {
        if (item.locked) return;
        close();
        item.onPress?.();
      }}
    >
      {inside}
    </button>
  );
}
