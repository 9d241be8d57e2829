'use client';

import { type ReactNode, useId, useRef, useState } from 'react';
import { formatDay } from '../format-date';
import { cx } from './cx';
import { CalendarIcon } from './icons';
import { parseDay } from './parse-date';

export interface DateFieldProps {
  label?: ReactNode;
  /** For assistive technology when the label stands elsewhere. */
  ariaLabel?: string;
  /** ISO day, for example 2026-10-30. */
  value?: string | null;
  defaultValue?: string;
  onDay?: (day: string | null) => void;
  /** Form name of the hidden input that carries the ISO day. */
  name?: string;
  /** Today in the zone of the field. */
  today: string;
  /** What "+14" counts from. */
  base?: string;
  /** Further words it understands, lower case: { 'next bill': '2026-10-31' }. */
  words?: Record<string, string>;
  /** First and last day allowed; outside them the reason is shown. */
  min?: string;
  max?: string;
  outside?: string;
  /** Whose day it is, for example "end of day in Halifax". */
  zone: string;
  /** What the system holds; another day is shown in ink. */
  systemDay?: string;
  disabled?: boolean;
  className?: string;
}

/** A day, typed ("30 Oct", "+14", "end of month") or picked. Says whose day it is. */
export function DateField(props: DateFieldProps) {
  const { label, ariaLabel, name, today, base, words, min, max, zone, systemDay, disabled, className } =
    props;
  const id = useId();
  const picker = useRef<HTMLInputElement>(null);
  const [own, setOwn] = useState<string | null>(props.defaultValue ?? null);
  const day = props.value === undefined ? own : props.value;
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<string | undefined>();

  const accept = (next: string | null) => {
    setOwn(next);
    setDraft(null);
    setError(undefined);
    props.onDay?.(next);
  };
  const settle = () => {
    if (draft === null) return;
    if (draft.trim() === '') return accept(null);
    const read = parseDay(draft, { today, base, words });
    if (!read.ok) return setError(read.message);
    if ((min && read.day < min) || (max && read.day > max)) {
      return setError(
        props.outside ?? `Choose a day ${min ? `from ${formatDay(min)}` : `up to ${formatDay(max ?? '')}`}.`,
      );
    }
    accept(read.day);
  };
  return (
    <div className={cx('min-w-0', className)}>
      {label && (
        <label htmlFor={id} className="mb-1.5 block font-medium">
          {label}
        </label>
      )}
      <span
        className={cx(
          'field relative',
          day !== null && day !== systemDay && 'field-written',
          error && 'field-bad',
        )}
      >
        <input
          id={id}
          type="text"
          className="num"
          autoComplete="off"
          aria-label={label ? undefined : ariaLabel}
          placeholder="Date or +14"
          disabled={disabled}
          value={draft ?? (day ? formatDay(day) : '')}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={settle}
          onKeyDown={(event) => event.key === 'Enter' && !event.metaKey && !event.ctrlKey && settle()}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-below`}
        />
        <button
          type="button"
          className="-mr-1 grid size-6 flex-none place-items-center text-text-3 hover:text-text"
          aria-label="Pick a day"
          disabled={disabled}
          onClick={() => picker.current?.showPicker()}
        >
          <CalendarIcon small />
        </button>
        <input
          ref={picker}
          type="date"
          tabIndex={-1}
          aria-hidden="true"
          className="pointer-events-none absolute right-0 bottom-0 h-full w-px opacity-0"
          min={min}
          max={max}
          value={day ?? ''}
          onChange={(event) => event.target.value && accept(event.target.value)}
        />
      </span>
      {name && <input type="hidden" name={name} value={day ?? ''} />}
      <p
        id={`${id}-below`}
        role={error ? 'alert' : undefined}
        className={cx('mt-1 text-xs', error ? 'text-bad' : 'text-text-3')}
      >
        {error ?? zone}
      </p>
    </div>
  );
}
