/**
 * A query string read the Rails way (API contract, section 1): `key[]=a&key[]=b` is a list, `metadata[key]=value` a map,
 * booleans are `true` / `false`. The official client writes null as the text `null`; both that and an empty value mean
 * "not given".
 */
export class QueryFilters {
  constructor(readonly params: URLSearchParams) {}

  text(...names: string[]): string | undefined {
    for (const name of names) {
      const value = this.params.get(name);
      if (value !== null && value !== '' && value !== 'null') return value;
    }
    return undefined;
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : value === 'true' || value === '1';
  }

  /** `name[]=a&name[]=b`, and leniently a plain `name=a`. Undefined when nothing was given. */
  list(...names: string[]): string[] | undefined {
    const values = names
      .flatMap((name) => [...this.params.getAll(`${name}[]`), ...this.params.getAll(name)])
      .filter((value) => value !== '' && value !== 'null');
    return values.length > 0 ? values : undefined;
  }

  /** `name[key]=value` pairs. */
  map(name: string): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [key, value] of this.params) {
      if (key.startsWith(`${name}[`) && key.endsWith(']') && key.length > name.length + 2) {
        found[key.slice(name.length + 1, -1)] = value;
      }
    }
    return found;
  }

  /** An ISO 8601 instant or date as a Date; undefined when absent, null when unreadable. */
  instant(name: string): Date | null | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const date = new Date(text);
    return Number.isNaN(date.getTime()) ? null : date;
  }
}
