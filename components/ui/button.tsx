import Link from 'next/link';
import { type ComponentPropsWithRef, type ReactNode, useId } from 'react';
import { cx } from './cx';
import { LockIcon } from './icons';
import { Kbd } from './kbd';
import { Ring } from './ring';

export type ButtonTone = 'plain' | 'act' | 'quiet';
export type ButtonSize = 'sm' | 'md' | 'lg';

interface Look {
  /** One `act` a view: it says the act and the amount. */
  tone?: ButtonTone;
  /** 28, 32 or 40 px high (44 on touch). */
  size?: ButtonSize;
  icon?: ReactNode;
  /** A key shown inside the button, for example ⌘↵; hidden on phones. */
  shortcut?: string;
}

const look = ({ tone = 'plain', size = 'md' }: Look, className?: string) =>
  cx(
    'btn',
    tone === 'act' && 'btn-act',
    tone === 'quiet' && 'btn-quiet',
    size === 'sm' && 'btn-sm',
    size === 'lg' && 'btn-lg',
    className,
  );

function Inside({ icon, shortcut, children }: Look & { children?: ReactNode }) {
  return (
    <>
      {icon}
      {children}
      {shortcut && <Kbd className="max-md:hidden">{shortcut}</Kbd>}
    </>
  );
}

export interface ButtonProps extends Look, ComponentPropsWithRef<'button'> {
  /** What is happening now, for example "Giving $150.00": shows the ring and swallows further presses. */
  running?: string | undefined;
  /** Why it cannot be pressed: the button stays in its place and the reason stands beside it. */
  locked?: ReactNode;
}

/** A button. Never says "Save" or "OK": its words are the act. */
export function Button({
  tone,
  size,
  icon,
  shortcut,
  running,
  locked,
  className,
  children,
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  if (running !== undefined) {
    return (
      <button type="button" className={look({ tone, size }, className)} aria-disabled="true" aria-busy="true">
        <Ring share={0.3} turning />
        {running}
      </button>
    );
  }
  const button = (
    <button
      type="button"
      {...rest}
      className={look({ tone, size }, className)}
      disabled={locked ? true : rest.disabled}
      aria-describedby={locked ? reasonId : rest['aria-describedby']}
    >
      <Inside icon={icon} shortcut={shortcut}>
        {children}
      </Inside>
    </button>
  );
  if (!locked) return button;
  return (
    <span className="inline-flex min-w-0 items-center gap-3">
      {button}
      <span id={reasonId} className="text-xs text-pretty text-text-3">
        {locked}
      </span>
    </span>
  );
}

export interface ButtonLinkProps extends Look, Omit<ComponentPropsWithRef<typeof Link>, 'type'> {}

/** Something that looks like a button and goes to an address. */
export function ButtonLink({ tone, size, icon, shortcut, className, children, ...rest }: ButtonLinkProps) {
  return (
    <Link {...rest} className={look({ tone, size }, className)}>
      <Inside icon={icon} shortcut={shortcut}>
        {children}
      </Inside>
    </Link>
  );
}

/** A small act inside a row or a list entry: 24 px high. */
export function RowButton({ tone, className, children, ...rest }: ComponentPropsWithRef<'button'> & Look) {
  return (
    <button type="button" {...rest} className={look({ tone }, cx('h-6 px-2 text-xs', className))}>
      {children}
    </button>
  );
}

/** The words that stand under a row of acts when some of them are locked. */
export function LockedReason({ children }: { children: ReactNode }) {
  return (
    <span className="flex items-center gap-1.5 text-xs text-text-3">
      <LockIcon small />
      {children}
    </span>
  );
}
