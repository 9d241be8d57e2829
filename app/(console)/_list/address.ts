/** An address with some of its words changed; null drops one. Paging starts again unless the change is the paging itself. */
export function withWords(
  path: string,
  now: Record<string, string | undefined>,
  change: Record<string, string | null>,
): string {
  const words = new URLSearchParams();
  const merged: Record<string, string | null | undefined> = { ...now, after: undefined, ...change };
  for (const [name, value] of Object.entries(merged)) if (value) words.set(name, value);
  const query = words.toString();
  return query ? `${path}?${query}` : path;
}

/** One of the known words, else the first. */
export function oneOf<const T extends readonly string[]>(known: T, word: string | undefined): T[number] {
  return (known as readonly string[]).includes(word ?? '') ? (word as T[number]) : (known[0] ?? '');
}

/** A search parameter given once; arrays and blanks count as absent. */
export const only = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
