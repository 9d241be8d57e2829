import { type LoggedRequest, listRequests, type RequestFilters } from '@/lib/queries/api/api-logs';
import type { Door } from '../environment.ts';
import { unknown, unprocessable } from '../errors.ts';
import type { QueryFilters } from '../query.ts';
import { requestLogOf } from '../request-log.ts';
import { get } from '../routes.ts';
import { ts } from '../wire.ts';
import { listed } from './listing.ts';

/** API contract, section 11. Bodies of requests are not kept; of a refusal, what it said. */
function apiLogWire(call: LoggedRequest) {
  return {
    request_id: call.requestId,
    client: call.client,
    http_method: call.method.toLowerCase(),
    http_status: call.status,
    request_origin: null,
    request_path: call.path,
    request_body: null,
    request_response: call.error,
    api_version: 'v1',
    logged_at: ts(call.at),
    created_at: ts(call.at),
  };
}

function filtersOf(query: QueryFilters): RequestFilters {
  const [from, to] = [query.instant('from_date'), query.instant('to_date')];
  if (from === null) throw unprocessable({ from_date: ['invalid_date'] });
  if (to === null) throw unprocessable({ to_date: ['invalid_date'] });
  const statuses = query.list('http_statuses')?.map(Number);
  if (statuses?.some((status) => !Number.isInteger(status) || status < 100 || status > 599)) {
    throw unprocessable({ http_statuses: ['value_is_invalid'] });
  }
  return { methods: query.list('http_methods'), statuses, paths: query.list('request_paths'), from, to };
}

/** The log of calls (API contract, section 11). */
export function apiLogs(door: Door): void {
  const fresh = () => requestLogOf(door.databases).flush();
  get(door, '/api_logs', async (request) => {
    const filters = filtersOf(request.query);
    await fresh();
    const rows = await request.read((tx) => listRequests(tx, request.organizationId, filters, request.page));
    return listed(request, 'api_logs', rows, apiLogWire);
  });
  get(door, '/api_logs/:request_id', async (request) => {
    const requestId = request.param('request_id');
    await fresh();
    const { rows } = await request.read((tx) =>
      listRequests(tx, request.organizationId, { requestId }, { page: 1, perPage: 1 }),
    );
    if (!rows[0]) throw unknown('api_log');
    return { api_log: apiLogWire(rows[0]) };
  });
}
