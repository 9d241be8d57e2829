'use client';

import { useState } from 'react';
import { DateField } from '@/components/ui/date-field';
import { SelectField } from '@/components/ui/field';
import { LIVES } from './lives';

/** When a key ends by itself. */
export function KeyEnd({
  label,
  today,
  zone,
  errors = {},
}: {
  label: string;
  today: string;
  /** Whose end of day it is. */
  zone: string;
  errors?: Record<string, string>;
}) {
  const [ends, setEnds] = useState('never');
  const [day, setDay] = useState<string | null>(null);
  return (
    <div className="space-y-2">
      <SelectField
        label={label}
        name="ends"
        value={ends}
        error={errors.ends}
        onChange={(event) => setEnds(event.target.value)}
      >
        {LIVES.map(({ value, label: words }) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </SelectField>
      {ends === 'day' && (
        <>
          <DateField
            ariaLabel="Its last day"
            value={day}
            onDay={setDay}
            today={today}
            min={today}
            outside="Choose today or a later day."
            zone={`End of day in ${zone}`}
          />
          <input type="hidden" name="day" value={day ?? ''} />
          {errors.day && (
            <p role="alert" className="text-xs text-bad">
              {errors.day}
            </p>
          )}
        </>
      )}
    </div>
  );
}
