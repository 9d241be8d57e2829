import type { PlanCode } from './catalogue.ts';
import type { EmployeeKey } from './people.ts';

/** What happened with an account after it signed up. `ago` is days before the history ends. */
export type Chapter = {
  ago: number;
  by: EmployeeKey;
  why: string;
  note?: string;
  /** It was taken back a few minutes later, with these words. */
  undone?: string;
} & (
  | { what: 'extend'; days: number }
  | { what: 'credits'; amount: number; lasts?: number }
  | { what: 'discount'; percent: number; bills: number }
  | { what: 'change'; plan: PlanCode; when: 'now' | 'next_bill' }
  | { what: 'end' }
  | { what: 'return'; plan: PlanCode }
);

/** More free days. */
export function extend(ago: number, days: number, by: EmployeeKey, why: string, note?: string): Chapter {
  return { what: 'extend', ago, days, by, why, note };
}

/** Free credits, in whole units of the account's currency; `lasts` days, or without an end. */
export function credits(
  ago: number,
  amount: number,
  by: EmployeeKey,
  why: string,
  { lasts, note }: { lasts?: number; note?: string } = {},
): Chapter {
  return { what: 'credits', ago, amount, by, why, lasts, note };
}

/** A percentage off so many bills. */
export function discount(
  ago: number,
  percent: number,
  bills: number,
  by: EmployeeKey,
  why: string,
  note?: string,
): Chapter {
  return { what: 'discount', ago, percent, bills, by, why, note };
}

/** The same, but taken back a few minutes later. */
export function undone(chapter: Chapter, words: string): Chapter {
  return { ...chapter, undone: words };
}

/** Another plan, now or at the next bill. */
export function change(
  ago: number,
  plan: PlanCode,
  when: 'now' | 'next_bill',
  by: EmployeeKey,
  why: string,
  note?: string,
): Chapter {
  return { what: 'change', ago, plan, when, by, why, note };
}

/** They left. */
export function end(ago: number, by: EmployeeKey, why: string, note?: string): Chapter {
  return { what: 'end', ago, by, why, note };
}

/** They came back after leaving. */
export function returns(ago: number, plan: PlanCode): Chapter {
  return { what: 'return', ago, plan, by: 'mira', why: 'customer_asked' };
}
