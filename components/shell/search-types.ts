/** What `GET /api/console/search?q=` answers: results in the order they are shown. */
export interface SearchAnswer {
  groups: readonly SearchGroup[];
  /** How the words were understood: "a name like pylon", "an amount of 40.00". */
  readAs?: readonly string[];
}

export interface SearchGroup {
  /** "Customers", "Do, for Pylon Podcasts", "Go to". */
  label: string;
  /** Quiet words at the end of the label's line. */
  note?: string;
  items: readonly SearchItem[];
}

export type SearchKind =
  | 'action'
  | 'customer'
  | 'invoice'
  | 'payment'
  | 'plan'
  | 'deal'
  | 'discount'
  | 'credits'
  | 'screen';

export interface SearchItem {
  id: string;
  title: string;
  detail?: string;
  /** At the end of the line: an amount, a date, a limit. */
  amount?: string;
  /** A second line: what an act would change. */
  effect?: string;
  href: string;
  kind: SearchKind;
}
