/** Pages of a list (API contract, section 1). The contract names pages by number, which forces OFFSET here. */
export interface PageRequest {
  page: number;
  perPage: number;
}

export interface PageMeta {
  current_page: number;
  next_page: number | null;
  prev_page: number | null;
  total_pages: number;
  total_count: number;
}

export const DEFAULT_PER_PAGE = 100;
export const MAX_PER_PAGE = 1000;

function positive(text: string | null, fallback: number, highest: number): number {
  const value = text === null ? Number.NaN : Number(text);
  return Number.isInteger(value) && value > 0 ? Math.min(value, highest) : fallback;
}

/** Reads `page` and `per_page`; anything that is not a positive integer takes the default. */
export function pageOf(query: URLSearchParams): PageRequest {
  return {
    page: positive(query.get('page'), 1, 1_000_000),
    perPage: positive(query.get('per_page'), DEFAULT_PER_PAGE, MAX_PER_PAGE),
  };
}

export function pageMeta({ page, perPage }: PageRequest, totalCount: number): PageMeta {
  const totalPages = Math.ceil(totalCount / perPage);
  if (totalCount === 0)
    return { current_page: 0, next_page: null, prev_page: null, total_pages: 0, total_count: 0 };
  return {
    current_page: page,
    next_page: page < totalPages ? page + 1 : null,
    prev_page: page > 1 && page <= totalPages ? page - 1 : null,
    total_pages: totalPages,
    total_count: totalCount,
  };
}
