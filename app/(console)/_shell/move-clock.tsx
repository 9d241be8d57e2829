'use client';

import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { formatInstant, zonePlace } from '@/components/format-date';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { Menu } from '@/components/ui/menu';
import { dayOf, startOf } from '@/lib/billing/periods/browser-zone';
import { addDays, addMonths } from '@/lib/billing/periods/calendar';
import { moveTestClock } from './actions';

const MINUTE = 60_000;

function instantOf(day: string, time: string, timezone: string): number | null {
  const clock = /^(\d{2}):(\d{2})$/.exec(time);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !clock) return null;
  return startOf(day, timezone) + (Number(clock[1]) * 60 + Number(clock[2])) * MINUTE;
}

/** "Move to…": test data's own time, forward only. Everything due on the way happens, in order. */
export default function MoveClock({ now, timezone }: { now: number; timezone: string }) {
  const router = useRouter();
  const today = dayOf(now, timezone);
  const [day, setDay] = useState(addDays(today, 1));
  const [time, setTime] = useState('09:00');
  const [trouble, setTrouble] = useState<string | null>(null);
  const [moving, startTransition] = useTransition();
  const to = instantOf(day, time, timezone);
  const back = to !== null && to <= now;

  const move = () =>
    startTransition(async () => {
      if (to === null) return setTrouble('Choose a day and a time.');
      try {
        const answer = await moveTestClock(to);
        setTrouble(answer.ok ? null : answer.message);
        if (answer.ok) router.refresh();
      } catch {
        setTrouble('No answer came. Look at the clock before you move it again.');
      }
    });
  const steps: [string, string][] = [
    ['Tomorrow', addDays(today, 1)],
    ['In a week', addDays(today, 7)],
    ['In a month', addMonths(today, 1)],
  ];
  return (
    <Menu align="end" triggerClassName="btn btn-sm h-6 text-xs" trigger={moving ? 'Moving…' : 'Move to…'}>
      <div className="grid w-64 gap-3 p-2 text-sm">
        <div className="flex gap-1.5">
          {steps.map(([label, value]) => (
            <button
              key={label}
              type="button"
              className="pick px-2 text-xs"
              aria-pressed={day === value}
              onClick={() => setDay(value)}
            >
              {label}
            </button>
          ))}
        </div>
        <div className="grid grid-cols-[1fr_auto] gap-2">
          <TextField
            label="Day"
            type="date"
            min={today}
            value={day}
            onChange={(event) => setDay(event.target.value)}
          />
          <TextField
            label="Time"
            type="time"
            value={time}
            onChange={(event) => setTime(event.target.value)}
          />
        </div>
        <p className="text-xs text-pretty text-text-3">
          In {zonePlace(timezone)}. Bills, trials and everything else due until then happen on the way; time
          does not go back.
        </p>
        {(trouble || back) && (
          <p role="alert" className="text-xs text-pretty text-warn">
            {trouble ?? 'That is not after the present time. Choose a later one.'}
          </p>
        )}
        <Button
          tone="act"
          running={moving ? 'Moving' : undefined}
          disabled={to === null || back}
          onClick={move}
        >
          {to === null ? 'Move the clock' : `Move to ${formatInstant(to, timezone, 'moment', now)}`}
        </Button>
      </div>
    </Menu>
  );
}
