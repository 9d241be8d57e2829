import { type ComponentPropsWithRef, type ReactNode, useId } from 'react';
import { cx } from './cx';
import { ChevronDownIcon, LockIcon } from './icons';

interface Frame {
  label?: ReactNode;
  /** Quiet words under the field; give way to the error. */
  hint?: ReactNode;
  /** How to put it right. Set when the field is left, never while it is typed in the first time. */
  error?: ReactNode;
  /** Locked: who may change it. */
  lockedBy?: string;
  className?: string;
}

/** Label above, control, then hint, error or who may change it. The control gets its ids from here. */
export function FieldFrame({
  label,
  hint,
  error,
  lockedBy,
  className,
  children,
}: Frame & { children: (ids: { id: string; describedBy: string | undefined }) => ReactNode }) {
  const id = useId();
  const below = error ?? (lockedBy ? `${lockedBy} may change this.` : hint);
  const belowId = `${id}-below`;
  return (
    <div className={cx('min-w-0', className)}>
      {label && (
        <label htmlFor={id} className="mb-1.5 block font-medium">
          {label}
        </label>
      )}
      {children({ id, describedBy: below ? belowId : undefined })}
      {below && (
        <p
          id={belowId}
          role={error ? 'alert' : undefined}
          className={cx('mt-1 flex gap-1.5 text-xs text-pretty', error ? 'text-bad' : 'text-text-3')}
        >
          {!error && lockedBy && <LockIcon small />}
          {below}
        </p>
      )}
    </div>
  );
}

interface Ink {
  /** A person wrote it and it differs from what the system holds: shown in ink. */
  written?: boolean;
  /** Before and after the text, inside the frame. */
  before?: ReactNode;
  after?: ReactNode;
  /** 40 px high, for sign-in and the like. */
  tall?: boolean;
  /** Class of the frame. */
  frameClassName?: string;
}

const frameClass = ({ written, tall, frameClassName }: Ink, error: ReactNode) =>
  cx(
    'field',
    written && 'field-written',
    Boolean(error) && 'field-bad',
    tall && 'h-10 text-base',
    frameClassName,
  );

export interface TextFieldProps extends Frame, Ink, Omit<ComponentPropsWithRef<'input'>, 'className'> {}

/** One line of text. */
export function TextField(props: TextFieldProps) {
  const { label, hint, error, lockedBy, className, written, before, after, tall, frameClassName, ...input } =
    props;
  return (
    <FieldFrame label={label} hint={hint} error={error} lockedBy={lockedBy} className={className}>
      {({ id, describedBy }) => (
        <span className={frameClass({ written, tall, frameClassName }, error)}>
          {before && <span className="text-text-3">{before}</span>}
          <input
            type="text"
            {...input}
            id={input.id ?? id}
            disabled={Boolean(lockedBy) || input.disabled}
            aria-invalid={error ? true : undefined}
            aria-describedby={describedBy}
          />
          {after && <span className="flex-none text-xs font-normal text-text-3">{after}</span>}
        </span>
      )}
    </FieldFrame>
  );
}

export interface SelectFieldProps extends Frame, Ink, Omit<ComponentPropsWithRef<'select'>, 'className'> {}

/** One of several, as the platform's own list. */
export function SelectField(props: SelectFieldProps) {
  const { label, hint, error, lockedBy, className, written, before, after, tall, frameClassName, ...select } =
    props;
  return (
    <FieldFrame label={label} hint={hint} error={error} lockedBy={lockedBy} className={className}>
      {({ id, describedBy }) => (
        <span className={frameClass({ written, tall, frameClassName }, error)}>
          {before && <span className="text-text-3">{before}</span>}
          <select
            {...select}
            id={select.id ?? id}
            disabled={Boolean(lockedBy) || select.disabled}
            aria-invalid={error ? true : undefined}
            aria-describedby={describedBy}
          />
          {after ?? <ChevronDownIcon small className="pointer-events-none text-text-3" />}
        </span>
      )}
    </FieldFrame>
  );
}
