import { describe, expect, it } from 'vitest';
import { firstPaidDay, lastFreeDay, lastFreeMoment } from './trial.ts';

describe('a trial’s end in days', () => {
  it.each([
    ['at midnight', '2026-10-17T03:00:00Z', '2026-10-16', '2026-10-17'],
    ['in the middle of a day', '2026-10-17T14:33:00Z', '2026-10-16', '2026-10-17'],
    ['a millisecond before midnight', '2026-10-18T02:59:59.999Z', '2026-10-16', '2026-10-17'],
  ])('%s in Halifax', (_when, at, free, paid) => {
    const end = Date.parse(at);
    expect(lastFreeDay(end, 'America/Halifax')).toBe(free);
    expect(firstPaidDay(end, 'America/Halifax')).toBe(paid);
    expect(lastFreeMoment(end, 'America/Halifax')).toBe(Date.parse('2026-10-17T02:59:59.999Z'));
  });
});
