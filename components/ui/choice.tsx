import { type ReactNode, useId } from 'react';
import { cx } from './cx';

export interface Option<Value extends string = string> {
  value: Value;
  label: ReactNode;
  /** Cannot be chosen; the reason is read out and shown on hover. */
  notAllowed?: string;
}

interface ChoiceProps<Value extends string> {
  /** What is being chosen, for assistive technology. */
  label: string;
  options: readonly Option<Value>[];
  /** Form name; a private one is made if left out. */
  name?: string;
  /** With `onChange`: controlled. Alone on the server use `defaultValue`. */
  value?: Value | null;
  defaultValue?: Value;
  onChange?: (value: Value) => void;
  className?: string;
}

function Radio<Value extends string>({
  option,
  name,
  id,
  value,
  defaultValue,
  onChange,
}: Omit<ChoiceProps<Value>, 'options' | 'label' | 'name'> & {
  option: Option<Value>;
  name: string;
  id: string;
}) {
  const held = onChange
    ? { checked: value === option.value, onChange: () => onChange(option.value) }
    : { defaultChecked: (value ?? defaultValue) === option.value };
  return (
    <input
      type="radio"
      id={id}
      className="sr-only"
      name={name}
      value={option.value}
      disabled={Boolean(option.notAllowed)}
      aria-description={option.notAllowed}
      {...held}
    />
  );
}

/** Chips, one of which is chosen: printed when offered, ink when chosen. Arrow keys move, as in any radio group. */
export function Picks<Value extends string>({
  label,
  options,
  name,
  className,
  ...held
}: ChoiceProps<Value>) {
  const own = useId();
  return (
    <div role="radiogroup" aria-label={label} className={cx('flex flex-wrap items-center gap-2', className)}>
      {options.map((option) => (
        <label
          key={option.value}
          htmlFor={`${own}${option.value}`}
          className="pick relative"
          title={option.notAllowed}
        >
          <Radio option={option} id={`${own}${option.value}`} name={name ?? own} {...held} />
          {option.label}
        </label>
      ))}
    </div>
  );
}

/** A switch of two or three. */
export function Seg<Value extends string>({ label, options, name, className, ...held }: ChoiceProps<Value>) {
  const own = useId();
  return (
    <div role="radiogroup" aria-label={label} className={cx('seg', className)}>
      {options.map((option) => (
        <label
          key={option.value}
          htmlFor={`${own}${option.value}`}
          className="relative"
          title={option.notAllowed}
        >
          <Radio option={option} id={`${own}${option.value}`} name={name ?? own} {...held} />
          {option.label}
        </label>
      ))}
    </div>
  );
}

export interface CardOption<Value extends string = string> extends Option<Value> {
  /** What it costs or brings, at the end of the first line. */
  figure?: ReactNode;
  detail?: ReactNode;
}

/** Two or three cards, one of which is chosen; each says what it costs. */
export function ChoiceCards<Value extends string>({
  label,
  options,
  name,
  className,
  ...held
}: Omit<ChoiceProps<Value>, 'options'> & { options: readonly CardOption<Value>[] }) {
  const own = useId();
  return (
    <div role="radiogroup" aria-label={label} className={cx('grid gap-2 md:grid-cols-2', className)}>
      {options.map((option) => (
        <label
          key={option.value}
          htmlFor={`${own}${option.value}`}
          className="choice group relative"
          title={option.notAllowed}
        >
          <Radio option={option} id={`${own}${option.value}`} name={name ?? own} {...held} />
          <span className="flex items-baseline font-medium group-has-checked:text-ink">
            <span className="flex-1">{option.label}</span>
            {option.figure && <span className="num">{option.figure}</span>}
          </span>
          {option.detail && <span className="block text-xs text-text-2">{option.detail}</span>}
        </label>
      ))}
    </div>
  );
}
