import type { Handler } from 'hono';
import type { ApiEnv, Door } from './environment.ts';
import { jsonResponse } from './json.ts';
import { ApiRequest } from './request.ts';

/** Answers the body of a 200, nothing for "200 empty", or a whole answer where it is not JSON. */
export type Answer = (request: ApiRequest) => Promise<unknown>;

function handler({ databases }: Door, answer: Answer): Handler<ApiEnv> {
  return async (context) => {
    const body = await answer(new ApiRequest(context, databases));
    if (body instanceof Response) return body;
    return body === undefined ? new Response(null, { status: 200 }) : jsonResponse(body);
  };
}

export function get(door: Door, path: string, answer: Answer): void {
  door.router.get(path, handler(door, answer));
}

export function post(door: Door, path: string, answer: Answer): void {
  door.router.post(path, handler(door, answer));
}

/** PATCH on the same path is the same action (API contract, section 1). */
export function put(door: Door, path: string, answer: Answer): void {
  door.router.on(['PUT', 'PATCH'], path, handler(door, answer));
}

/** For the few paths where PATCH merges and POST replaces (metadata, entitlements). */
export function patch(door: Door, path: string, answer: Answer): void {
  door.router.patch(path, handler(door, answer));
}

export function remove(door: Door, path: string, answer: Answer): void {
  door.router.delete(path, handler(door, answer));
}
