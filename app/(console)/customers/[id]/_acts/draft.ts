import type { Act } from './types';

const DAY = 86_400_000;

export interface Draft<Values> {
  values: Values;
  reason: string | null;
  note: string;
}

const draftKey = (person: string, customer: string, act: Act) => `draft:${person}:${customer}:${act}`;
const onceKey = (customer: string, act: Act) => `once:${customer}:${act}`;

/** What was typed and not applied, kept in this browser for 24 hours; null when there is none or storage is shut. */
export function readDraft<Values>(person: string, customer: string, act: Act): Draft<Values> | null {
  try {
    const kept = localStorage.getItem(draftKey(person, customer, act));
    if (!kept) return null;
    const { at, ...draft } = JSON.parse(kept) as Draft<Values> & { at: number };
    return Date.now() - at < DAY ? draft : null;
  } catch {
    return null;
  }
}

export function keepDraft<Values>(person: string, customer: string, act: Act, draft: Draft<Values>): void {
  try {
    localStorage.setItem(draftKey(person, customer, act), JSON.stringify({ ...draft, at: Date.now() }));
  } catch {
    // Storage may be full or shut; the panel works without a draft.
  }
}

export function dropDraft(person: string, customer: string, act: Act): void {
  try {
    localStorage.removeItem(draftKey(person, customer, act));
    sessionStorage.removeItem(onceKey(customer, act));
  } catch {
    // As above.
  }
}

/** The one key of this panel: made when it opens, the same after a reload, gone once the act is done. */
export function onceKeyOf(customer: string, act: Act): string {
  const made = () => crypto.randomUUID();
  try {
    const kept = sessionStorage.getItem(onceKey(customer, act));
    if (kept) return kept;
    const key = made();
    sessionStorage.setItem(onceKey(customer, act), key);
    return key;
  } catch {
    return made();
  }
}
