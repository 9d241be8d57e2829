/** Arithmetic of calendar days, without zones: it costs a browser nothing but itself. */

/** 'YYYY-MM-DD'. */
export type LocalDate = string;

/** Days since 1970-01-01 of a proleptic Gregorian date (month 1 to 12). */
export function epochDayOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export interface DateParts {
  year: number;
  /** 1 to 12 */
  month: number;
  day: number;
}

export function partsOfEpochDay(epochDay: number): DateParts {
  const z = epochDay + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

export function dateParts(date: LocalDate): DateParts {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) };
}

export function epochDay(date: LocalDate): number {
  const { year, month, day } = dateParts(date);
  return epochDayOf(year, month, day);
}

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

export function dateOf({ year, month, day }: DateParts): LocalDate {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

export function dateOfEpochDay(day: number): LocalDate {
  return dateOf(partsOfEpochDay(day));
}

export function addDays(date: LocalDate, n: number): LocalDate {
  return dateOfEpochDay(epochDay(date) + n);
}

/** From `a` to `b`, negative when `b` is earlier. */
export function daysBetween(a: LocalDate, b: LocalDate): number {
  return epochDay(b) - epochDay(a);
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `n` months later on `anchorDay`, or on the month's last day where it has no such day (semantics 2.2). */
export function addMonths(date: LocalDate, n: number, anchorDay = dateParts(date).day): LocalDate {
  const { year, month } = dateParts(date);
  const months = year * 12 + (month - 1) + n;
  const targetYear = Math.floor(months / 12);
  const targetMonth = months - targetYear * 12 + 1;
  return dateOf({
    year: targetYear,
    month: targetMonth,
    day: Math.min(anchorDay, daysInMonth(targetYear, targetMonth)),
  });
}
