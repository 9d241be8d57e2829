/** One page of a list. The wire's contract counts pages, so lists for it use OFFSET; our own screens use cursors. */
export interface PageWindow {
  page: number;
  perPage: number;
}

export interface Listed<T> {
  rows: T[];
  totalCount: number;
}

export function offsetOf({ page, perPage }: PageWindow): number {
  return (page - 1) * perPage;
}
