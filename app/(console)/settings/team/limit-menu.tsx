'use client';

import { useState, useTransition } from 'react';
import { formatAmount } from '@/components/format-amount';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { TextField } from '@/components/ui/field';
import { Menu } from '@/components/ui/menu';
import { parseAmount } from '@/components/ui/parse-amount';
import { setLimit } from './actions';

export type LimitUnit = 'money' | 'days' | 'percent' | 'bills';

interface LimitMenuProps {
  role: string;
  roleName: string;
  act: string;
  figure: string;
  /** "free credits at a time". */
  what: string;
  /** The present figure in words. */
  said: string;
  /** The present figure: minor units, days, bills or hundredths of a percent; null is no limit. */
  value: string | null;
  unit: LimitUnit;
}

const LABELS: Record<LimitUnit, string> = {
  money: 'US dollars',
  days: 'Days',
  percent: 'Percent',
  bills: 'Bills',
};
const WITH_CENTS = { code: 'USD', digits: 2 };

/** A typed figure in stored units, or how to write it. */
function read(text: string, unit: LimitUnit): { value: string } | { error: string } {
  if (unit === 'money' || unit === 'percent') {
    const amount = parseAmount(unit === 'percent' ? text.replace('%', '') : text, WITH_CENTS);
    return amount.ok ? { value: amount.minor.toString() } : { error: amount.message };
  }
  const digits = text.trim();
  return /^\d{1,6}$/.test(digits)
    ? { value: BigInt(digits).toString() }
    : { error: `Write a whole number of ${unit}.` };
}

/** The stored figure as it is typed: "500", "12.5". */
function typed(value: string | null, unit: LimitUnit): string {
  if (value === null) return '';
  if (unit === 'days' || unit === 'bills') return value;
  const padded = value.padStart(3, '0');
  return `${padded.slice(0, -2)}.${padded.slice(-2)}`.replace(/\.00$/, '');
}

/** A stored figure in words, as the table says it. */
function say(value: string, unit: LimitUnit): string {
  if (unit === 'money') return formatAmount(BigInt(value), WITH_CENTS.code);
  if (unit === 'percent') return `${typed(value, unit)}%`;
  const one = unit === 'days' ? 'day' : 'bill';
  return `${value} ${value === '1' ? one : unit}`;
}

/** One figure of the limits, changed in its place: at once, for all who have the role. */
export function LimitMenu({ role, roleName, act, figure, what, said, value, unit }: LimitMenuProps) {
  const [text, setText] = useState(typed(value, unit));
  const [open, setOpen] = useState(value === null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [running, startTransition] = useTransition();
  const next = open ? { value: null } : read(text, unit);
  const same = 'value' in next && next.value === value;
  const change = () =>
    startTransition(async () => {
      if (!('value' in next)) return setTrouble(next.error);
      try {
        setTrouble(await setLimit({ role, act, figure, value: next.value, was: value }));
      } catch {
        setTrouble('No answer came. Load the page again to see whether it was changed.');
      }
    });
  return (
    <Menu
      trigger={said}
      label={`${roleName}, ${what}: ${said}. Change`}
      triggerClassName="-mr-1.5 h-6 rounded-sm border border-transparent px-1.5 hover:border-line hover:bg-sunken"
      align="end"
    >
      <span className="grid w-60 gap-3 text-left whitespace-normal">
        <span className="font-medium">
          {roleName}: {what}
          <span className="num block text-xs font-normal text-text-3">now {said}</span>
        </span>
        {!open && (
          <TextField
            label={LABELS[unit]}
            inputMode={unit === 'money' || unit === 'percent' ? 'decimal' : 'numeric'}
            value={text}
            error={'error' in next && text !== '' ? next.error : undefined}
            onChange={(event) => {
              setText(event.target.value);
              setTrouble(null);
            }}
          />
        )}
        <Checkbox checked={open} onChange={(event) => setOpen(event.target.checked)}>
          No limit
        </Checkbox>
        {trouble && (
          <span role="alert" className="text-xs text-pretty text-warn">
            {trouble}
          </span>
        )}
        <Button
          tone="act"
          size="sm"
          running={running ? 'Changing it' : undefined}
          disabled={same || !('value' in next)}
          onClick={change}
        >
          {open
            ? 'Remove the limit'
            : `Change to ${'value' in next && next.value !== null ? say(next.value, unit) : '…'}`}
        </Button>
      </span>
    </Menu>
  );
}
