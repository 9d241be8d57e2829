'use client';

import { type ReactNode, useId, useState } from 'react';
import { exponentOf } from '@/lib/billing/money/currency';
import { currencySymbol, formatAmount } from '../format-amount';
import { cx } from './cx';
import { parseAmount } from './parse-amount';

export interface AmountFieldProps {
  label?: ReactNode;
  /** For assistive technology when the label stands elsewhere. */
  ariaLabel?: string;
  /** Fixed by the customer; never chosen here. */
  currency: string;
  /** Form name of the hidden input that carries the minor units. */
  name?: string;
  /** Minor units the field starts with. */
  defaultMinor?: string;
  /** What the system holds; a different amount is shown in ink. */
  systemMinor?: string;
  /** Called with minor units once the text can be read, with null while it cannot. */
  onAmount?: (minor: string | null) => void;
  /** Under the field, for example what is left of the limit. */
  hint?: ReactNode;
  /** From outside (the server, a limit); the field's own reading error comes first. */
  error?: ReactNode;
  disabled?: boolean;
  className?: string;
}

/** An amount of money: right aligned, read without floats, ambiguous writing refused in words. */
export function AmountField(props: AmountFieldProps) {
  const { label, currency, name, defaultMinor, systemMinor, onAmount, hint, disabled, className } = props;
  const id = useId();
  const unit = { code: currency, digits: exponentOf(currency) };
  const bare = (minor: string) => formatAmount(BigInt(minor), currency, { symbol: false });
  const [text, setText] = useState(defaultMinor === undefined ? '' : bare(defaultMinor));
  const [left, setLeft] = useState(false);
  const reading = parseAmount(text, unit);
  const minor = reading.ok ? reading.minor.toString() : null;
  const readingError = left && !reading.ok && reading.reason !== 'empty' ? reading.message : undefined;
  const error = readingError ?? props.error;
  const tidy = reading.ok ? bare(reading.minor.toString()) : text;
  const echo =
    reading.ok && !left && tidy !== text.trim()
      ? `Reads as ${formatAmount(reading.minor, currency)}`
      : undefined;
  const below = error ?? echo ?? hint;

  const type = (next: string) => {
    setText(next);
    const read = parseAmount(next, unit);
    onAmount?.(read.ok ? read.minor.toString() : null);
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
          'field num',
          minor !== null && minor !== (systemMinor ?? '') && 'field-written',
          Boolean(error) && 'field-bad',
        )}
      >
        <span className="font-normal text-text-3">{currencySymbol(currency)}</span>
        <input
          id={id}
          type="text"
          aria-label={label ? undefined : props.ariaLabel}
          inputMode="decimal"
          autoComplete="off"
          className="text-right"
          value={text}
          disabled={disabled}
          onChange={(event) => {
            setLeft(false);
            type(event.target.value);
          }}
          onBlur={() => {
            setLeft(true);
            setText(tidy);
          }}
          aria-invalid={error ? true : undefined}
          aria-describedby={below ? `${id}-below` : undefined}
        />
      </span>
      {name && <input type="hidden" name={name} value={minor ?? ''} />}
      {/* Its line is always there: one that came and went would move what is about to be pressed. */}
      <p
        id={`${id}-below`}
        aria-live="polite"
        className={cx('mt-1 min-h-4 text-xs text-pretty', error ? 'text-bad' : 'text-text-3')}
      >
        {below}
      </p>
    </div>
  );
}
