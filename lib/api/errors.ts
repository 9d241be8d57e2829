import { CommandError, type Failure } from '@/lib/schedule/errors';
import { Overloaded } from '@/lib/usage/coalescer';
import { BatchError } from '@/lib/usage/incoming';

/** A refusal with its wire body (API contract, section 1.1). */
export class ApiError extends Error {
  override name = 'ApiError';
  constructor(
    readonly status: number,
    readonly body: Record<string, unknown>,
    readonly headers: Record<string, string> = {},
  ) {
    super(`${status} ${String(body.code ?? body.error)}`);
  }
}

export function badRequest(text: string): ApiError {
  return new ApiError(400, { status: 400, error: `BadRequest: ${text}` });
}

export function missingRoot(root: string): ApiError {
  return badRequest(`param is missing or the value is empty or invalid: ${root}`);
}

export function unauthorized(): ApiError {
  return new ApiError(401, { status: 401, error: 'Unauthorized' });
}

export function forbidden(code: string, message?: string): ApiError {
  return new ApiError(403, { status: 403, error: 'Forbidden', code, ...(message ? { message } : {}) });
}

export function unknown(resource: string): ApiError {
  return new ApiError(404, { status: 404, error: 'Not Found', code: `${resource}_not_found` });
}

/** 422 with Lago's detail: field → codes. Batches key by index and list filters nest, so the values stay open. */
export function unprocessable(details: Record<string, unknown>): ApiError {
  return new ApiError(422, {
    status: 422,
    error: 'Unprocessable Entity',
    code: 'validation_errors',
    error_details: details,
  });
}

export function unavailable(): ApiError {
  return new ApiError(
    503,
    { status: 503, error: 'Service Unavailable', code: 'service_unavailable' },
    { 'Retry-After': '2' },
  );
}

/** 429: `retryAfter` is in whole seconds. */
export function tooMany(
  code: string,
  message: string,
  retryAfter: number,
  headers: Record<string, string> = {},
): ApiError {
  return new ApiError(
    429,
    { status: 429, error: 'Too Many Requests', code, message },
    { 'Retry-After': String(retryAfter), ...headers },
  );
}

/** Lago's shape of an expected failure. */
export function fromFailure(failure: Failure): ApiError {
  switch (failure.kind) {
    case 'not_found':
      return unknown(failure.resource);
    case 'invalid':
      return unprocessable(failure.fields);
    case 'not_allowed':
      return new ApiError(405, { status: 405, error: 'Method Not Allowed', code: failure.code });
    case 'forbidden':
      return forbidden(failure.code, failure.message);
    case 'limit_exceeded':
      return forbidden('limit_exceeded', failure.message);
    case 'conflict':
      return new ApiError(422, {
        status: 422,
        error: 'Unprocessable Entity',
        code: failure.code,
        message: failure.message,
      });
    case 'moved':
      return new ApiError(422, {
        status: 422,
        error: 'Unprocessable Entity',
        code: 'moved',
        message: failure.message,
      });
  }
}

interface PostgresFailure {
  code: string;
  constraint_name?: string;
}

const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  '53300',
  '57P01',
  '57P02',
  '57P03',
]);
/** Lock or statement timeout, deadlock, serialisation failure, disk or memory full: it may succeed a moment later. */
const RETRIABLE_CODES = new Set(['55P03', '57014', '40P01', '40001', '53100', '53200']);

function postgresFailure(error: unknown): PostgresFailure | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') return current as unknown as PostgresFailure;
  }
  return null;
}

/** Two requests raced for one code or external id: the loser hears what it would have heard a moment later. */
function duplicateField(constraint: string | undefined): string {
  if (constraint?.endsWith('external_id')) return 'external_id';
  return constraint?.endsWith('_code') ? 'code' : 'base';
}

/** The wire error of anything thrown, or null when it is unexpected (500). */
export function toApiError(error: unknown): ApiError | null {
  if (error instanceof ApiError) return error;
  if (error instanceof CommandError) return fromFailure(error.failure);
  if (error instanceof BatchError) return unprocessable(error.errors);
  if (error instanceof Overloaded) {
    return tooMany(
      'queue_full',
      'More events are waiting than this server takes. Send them again in a second.',
      1,
    );
  }
  const failure = postgresFailure(error);
  if (!failure) return null;
  if (CONNECTION_CODES.has(failure.code) || RETRIABLE_CODES.has(failure.code)) return unavailable();
  if (failure.code === '23505') {
    return unprocessable({ [duplicateField(failure.constraint_name)]: ['value_already_exist'] });
  }
  if (failure.code === '22021' || failure.code === '22P05') return badRequest('text holds a NUL character');
  if (failure.code === '22003') return unprocessable({ base: ['value_is_out_of_range'] });
  return null;
}
