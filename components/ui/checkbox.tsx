'use client';

import { type ComponentPropsWithoutRef, type ReactNode, useEffect, useId, useRef } from 'react';
import { cx } from './cx';

export interface CheckboxProps extends Omit<ComponentPropsWithoutRef<'input'>, 'type'> {
  /** Some of what it stands for is ticked. */
  mixed?: boolean;
  /** The words beside it. Without them give an `aria-label`. */
  children?: ReactNode;
}

/** A real checkbox: off, on or mixed. */
export function Checkbox({ mixed = false, children, className, ...rest }: CheckboxProps) {
  const own = useId();
  const id = rest.id ?? own;
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = mixed;
  }, [mixed]);
  const input = <input {...rest} id={id} ref={box} type="checkbox" className="check" />;
  if (children === undefined) return input;
  return (
    <label htmlFor={id} className={cx('flex items-center gap-2.5', className)}>
      {input}
      <span className="flex-1">{children}</span>
    </label>
  );
}
