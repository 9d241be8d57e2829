'use client';

import { type ReactNode, useActionState, useEffect, useRef } from 'react';
import { Button, type ButtonSize, type ButtonTone } from '../ui/button';
import { cx } from '../ui/cx';
import { SelectField, TextField } from '../ui/field';
import { CheckedLine, Note } from '../ui/surface';
import type { FormAction, FormState } from './form-state';

export interface FieldSpec {
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password';
  autoComplete?: string;
  inputMode?: 'numeric' | 'email';
  hint?: string;
  defaultValue?: string;
  readOnly?: boolean;
  autoFocus?: boolean;
  optional?: boolean;
  maxLength?: number;
  /** One of these instead of text. */
  options?: readonly { value: string; label: string }[];
  /** Starts with what the browser knows, unless something was typed. */
  fromBrowser?: 'timezone';
  /** Something at the end of the label's line, such as a link. */
  aside?: ReactNode;
}

export interface FieldFormProps {
  action: FormAction;
  fields: readonly FieldSpec[];
  hidden?: Record<string, string>;
  /** The act, in words. */
  submit: string;
  /** What is happening once it is pressed. */
  running: string;
  tone?: ButtonTone;
  /** The tall fields and button of the sign-in pages. */
  tall?: boolean;
  /** Between the last field and the button. */
  children?: ReactNode;
  className?: string;
}

/**
 * Some fields and one button over a server action. Works before (and without) its script: a press then is an ordinary
 * form post. The first field to mend takes the focus.
 */
export function FieldForm(props: FieldFormProps) {
  const { action, fields, hidden = {}, submit, running, tone = 'act', tall, children, className } = props;
  const [state, act, pending] = useActionState<FormState, FormData>(action, {});
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (state.errors) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [state]);
  const size: ButtonSize = tall ? 'lg' : 'md';
  return (
    <form ref={form} action={act} className={cx('space-y-4', className)} noValidate>
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {fields.map((field) => (
        <FormField key={field.name} field={field} state={state} tall={tall} />
      ))}
      {children}
      <div aria-live="polite" className="empty:hidden">
        {state.message && (
          <Note warn role="alert">
            {state.message}
          </Note>
        )}
        {state.done && <CheckedLine>{state.done}</CheckedLine>}
      </div>
      <Button
        type="submit"
        tone={tone}
        size={size}
        running={pending ? running : undefined}
        className={tall ? 'w-full' : undefined}
      >
        {submit}
      </Button>
    </form>
  );
}

function FormField({ field, state, tall }: { field: FieldSpec; state: FormState; tall?: boolean }) {
  const { name, label, options, hint, fromBrowser, optional, aside, type, ...input } = field;
  const frame = {
    name,
    label,
    hint,
    error: state.errors?.[name],
    tall,
    required: !optional,
    defaultValue: type === 'password' ? undefined : (state.values?.[name] ?? field.defaultValue),
  };
  const select = useRef<HTMLSelectElement>(null);
  useEffect(() => {
    if (fromBrowser !== 'timezone' || !select.current || state.values?.[name]) return;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...select.current.options].some((option) => option.value === zone)) select.current.value = zone;
  }, [fromBrowser, name, state]);
  if (!options) {
    return (
      <div className="relative">
        <TextField {...input} {...frame} type={type} spellCheck={false} />
        {aside && <span className="absolute top-0 right-0 text-xs leading-5">{aside}</span>}
      </div>
    );
  }
  return (
    // A select keeps its first default; a new key lets it take the value that came back.
    <SelectField {...frame} key={frame.defaultValue} ref={select}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </SelectField>
  );
}
