import type { Listed } from '@/lib/queries/api/page';
import { type PageMeta, pageMeta } from '../pagination.ts';
import type { ApiRequest } from '../request.ts';

/** A list under its plural name with `meta` beside it. */
export function listed<T, N extends string, W>(
  request: ApiRequest,
  name: N,
  { rows, totalCount }: Listed<T>,
  wire: (row: T) => W,
): Record<N, W[]> & { meta: PageMeta } {
  const list = { [name]: rows.map((row) => wire(row)) } as Record<N, W[]>;
  return { ...list, meta: pageMeta(request.page, totalCount) };
}

/** One page of an array that is read whole anyway (charges of a plan, filters of a charge). */
export function sliced<T>(request: ApiRequest, rows: T[]): Listed<T> {
  const { page, perPage } = request.page;
  return { rows: rows.slice((page - 1) * perPage, page * perPage), totalCount: rows.length };
}
