import { z } from 'zod';
import { text } from '@/components/forms/form-state';
import type { ApiKeyScopes } from '@/lib/auth/api-keys';
import { type KeyReach, PERMISSION_BOXES, scopesOf } from '@/lib/auth/api-permissions';
import { addDays, startOfDay } from '@/lib/billing/periods/zone';

const DAY = 86_400_000;

interface KeyFields {
  name: string;
  scopes: ApiKeyScopes;
  expiresAt: number | null;
  requestsPerMinute: number | null;
}

type Errors = Record<string, string>;

const lives = z.enum(['never', '30', '90', '365', 'day']);
const reaches = z.enum(['everything', 'read', 'events', 'chosen']);
const MOST_CALLS = 1_000_000;

/** When a key ends: a day is good to its end in the reader's zone. Puts what is wrong into `errors`. */
export function readEnd(data: FormData, now: number, timezone: string, errors: Errors): number | null {
  const life = lives.safeParse(text(data, 'ends') || 'never');
  if (!life.success) {
    errors.ends = 'Choose when it ends.';
    return null;
  }
  if (life.data === 'never') return null;
  if (life.data !== 'day') return now + Number(life.data) * DAY;
  const day = z.iso.date().safeParse(text(data, 'day'));
  const end = day.success ? startOfDay(addDays(day.data, 1), timezone) : 0;
  if (end <= now) errors.day = 'Choose today or a later day.';
  return end;
}

/** What is asked for a new key, with what to mend, field by field. */
export function readKey(
  data: FormData,
  now: number,
  timezone: string,
): { fields: KeyFields; errors: Errors } {
  const errors: Errors = {};
  const name = text(data, 'name').trim();
  if (name === '' || name.length > 80) errors.name = 'Say what will use it, in up to 80 characters.';
  const reach = reaches.safeParse(text(data, 'reach') || 'everything');
  const boxes = data.getAll('may').filter((box): box is string => typeof box === 'string');
  if (!reach.success || boxes.some((box) => !PERMISSION_BOXES.has(box))) {
    errors.reach = 'Choose what it may do.';
  }
  const asked: KeyReach = reach.success ? reach.data : 'events';
  if (asked === 'chosen' && boxes.length === 0) errors.reach = 'Tick what it may do, one box at least.';
  const calls = text(data, 'calls').trim().replaceAll(',', '');
  const perMinute = calls === '' ? null : Number(calls);
  if (perMinute !== null && (!/^\d+$/.test(calls) || perMinute < 1 || perMinute > MOST_CALLS)) {
    errors.calls = 'Write a whole number from 1 to 1,000,000, or leave it empty.';
  }
  return {
    fields: {
      name,
      scopes: scopesOf(asked, boxes),
      expiresAt: readEnd(data, now, timezone, errors),
      requestsPerMinute: perMinute,
    },
    errors,
  };
}
