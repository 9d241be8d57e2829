import { z } from 'zod';
import { type LoggedRequest, listRequests, type RequestFilters } from '@/lib/queries/api/api-logs';
import type { Door } from '../environment.ts';
import { unknown, unprocessable } from '../errors.ts';
import type { QueryFilters } from '../query.ts';
import { requestLogOf } from '../request-log.ts';
import { get } from '../routes.ts';
import { ts } from '../wire.ts';
import { is, one, page, resource, type Wire, word } from '../wire-schema.ts';
import { choice } from './filters.ts';
import { listed } from './listing.ts';

const apiLogSchema = resource('ApiLog', {
  request_id: is.str,
  client: is.str.nullable(),
  http_method: word(['get', 'head', 'post', 'put', 'patch', 'delete']),
  http_status: is.int,
  request_origin: is.null,
  request_path: is.str,
  request_body: is.null,
  request_response: is.object.nullable(),
  api_version: z.enum(['v1']),
  logged_at: is.ts,
  created_at: is.ts,
});

/** API contract, section 11. Bodies of requests are not kept; of a refusal, what it said. */
function apiLogWire(call: LoggedRequest): Wire<typeof apiLogSchema> {
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
  const [methods, paths] = [query.list('http_methods'), query.list('request_paths')];
  // There is one version; whoever asks for another one is told so.
  choice(query, 'api_version', ['v1']);
  return {
    methods,
    statuses,
    paths,
    clients: query.list('clients'),
    changesOnly: !methods && !statuses && !paths,
    from,
    to,
  };
}

/**
 * The log of calls (API contract, section 11): those that change something, and no usage events, unless
 * methods, statuses or paths are named.
 */
export function apiLogs(door: Door): void {
  const fresh = () => requestLogOf(door.databases).flush();
  get(
    door,
    '/api_logs',
    {
      answers: page('api_logs', apiLogSchema),
      filters: [
        'from_date',
        'to_date',
        'http_methods[]',
        'http_statuses[]',
        'api_version',
        'request_paths[]',
        'clients[]',
      ],
    },
    async (request) => {
      const filters = filtersOf(request.query);
      await fresh();
      const rows = await request.read((tx) =>
        listRequests(tx, request.organizationId, filters, request.page),
      );
      return listed(request, 'api_logs', rows, apiLogWire);
    },
  );
  get(door, '/api_logs/:request_id', { answers: one('api_log', apiLogSchema) }, async (request) => {
    const requestId = request.param('request_id');
    await fresh();
    const { rows } = await request.read((tx) =>
      listRequests(tx, request.organizationId, { requestId }, { page: 1, perPage: 1 }),
    );
    if (!rows[0]) throw unknown('api_log');
    return { api_log: apiLogWire(rows[0]) };
  });
}
