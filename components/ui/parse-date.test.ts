import { describe, expect, it } from 'vitest';
import { addDays, parseDay } from './parse-date';

const context = { today: '2026-10-13', base: '2026-10-16', words: { 'next bill': '2026-10-31' } };
const read = (text: string) => {
  const reading = parseDay(text, context);
  return reading.ok ? reading.day : reading.message;
};

describe('parseDay', () => {
  it.each([
    ['30 Oct', '2026-10-30'],
    ['Fri 30 Oct 2026', '2026-10-30'],
    ['October 30', '2026-10-30'],
    ['30 october 2027', '2027-10-30'],
    ['2026-10-30', '2026-10-30'],
    ['12 Oct', '2027-10-12'],
    ['+14', '2026-10-30'],
    ['+ 2 weeks', '2026-10-30'],
    ['today', '2026-10-13'],
    ['tomorrow', '2026-10-14'],
    ['End of month', '2026-10-31'],
    ['end of next month', '2026-11-30'],
    ['next bill', '2026-10-31'],
  ])('reads %s', (text, day) => {
    expect(read(text)).toBe(day);
  });

  it.each([
    ['', 'Write a day, for example 30 Oct.'],
    ['4/10', 'Day or month first? Write the month as a word: 4 Oct.'],
    ['04.10.2026', 'Day or month first? Write the month as a word: 4 Oct.'],
    ['31 Nov', 'That month has no such day.'],
    ['30 foo', 'Write the month as a word: 30 Oct.'],
    ['soon', 'Write it like 30 Oct, +14 or end of month.'],
  ])('refuses "%s" in words', (text, message) => {
    expect(read(text)).toBe(message);
  });

  it('counts over month and year ends', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  });
});
