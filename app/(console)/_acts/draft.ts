const DAY = 86_400_000;

export interface Draft<Values> {
  values: Values;
  reason: string | null;
  note: string;
}

const draftKey = (person: string, about: string, act: string) => `draft:${person}:${about}:${act}`;
const onceKey = (about: string, act: string) => `once:${about}:${act}`;

/** What was typed and not applied, kept in this browser for 24 hours; null when there is none or storage is shut. */
export function readDraft<Values>(person: string, about: string, act: string): Draft<Values> | null {
  try {
    const kept = localStorage.getItem(draftKey(person, about, act));
    if (!kept) return null;
    const { at, ...draft } = JSON.parse(kept) as Draft<Values> & { at: number };
    return Date.now() - at < DAY ? draft : null;
  } catch {
    return null;
  }
}

export function keepDraft<Values>(person: string, about: string, act: string, draft: Draft<Values>): void {
  try {
    localStorage.setItem(draftKey(person, about, act), JSON.stringify({ ...draft, at: Date.now() }));
  } catch {
    // Storage may be full or shut; the panel works without a draft.
  }
}

export function dropDraft(person: string, about: string, act: string): void {
  try {
    localStorage.removeItem(draftKey(person, about, act));
    sessionStorage.removeItem(onceKey(about, act));
  } catch {
    // As above.
  }
}

/** The one key of this panel: made when it opens, the same after a reload, gone once the act is done. */
export function onceKeyOf(about: string, act: string): string {
  const made = () => crypto.randomUUID();
  try {
    const kept = sessionStorage.getItem(onceKey(about, act));
    if (kept) return kept;
    const key = made();
    sessionStorage.setItem(onceKey(about, act), key);
    return key;
  } catch {
    return made();
  }
}
