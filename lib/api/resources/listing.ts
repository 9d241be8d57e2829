import type { Listed } from '@/lib/queries/api/page';
import { pageMeta } from '../pagination.ts';
import type { ApiRequest } from '../request.ts';

/** A list under its plural name with `meta` beside it. */
export function listed<T>(
  request: ApiRequest,
  name: string,
  { rows, totalCount }: Listed<T>,
  wire: (row: T) => unknown,
): Record<string, unknown> {
  return { [name]: rows.map(wire), meta: pageMeta(request.page, totalCount) };
}

/** One page of an array that is read whole anyway (charges of a plan, filters of a charge). */
export function sliced<T>(request: ApiRequest, rows: T[]): Listed<T> {
  const { page, perPage } = request.page;
  return { rows: rows.slice((page - 1) * perPage, page * perPage), totalCount: rows.length };
}
