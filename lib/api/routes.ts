import type { Handler } from 'hono';
import type { About } from './about.ts';
import type { ApiEnv, Door } from './environment.ts';
import { type JsonText, jsonResponse } from './json.ts';
import { ApiRequest } from './request.ts';

/** Answers the body of a 200, undefined for "200 empty", a whole answer where it is not JSON, or JSON text. */
export type Answer<T> = (request: ApiRequest) => Promise<T | JsonText | Response>;

function handler<T>({ databases }: Door, answer: Answer<T>): Handler<ApiEnv> {
  return async (context) => {
    const body = await answer(new ApiRequest(context, databases));
    if (body instanceof Response) return body;
    return body === undefined ? new Response(null, { status: 200 }) : jsonResponse(body);
  };
}

function route<T>(door: Door, methods: string[], path: string, about: About<T>, answer: Answer<T>): void {
  door.router.on(methods, path, handler(door, answer));
  for (const method of methods) door.described.set(`${method} ${path}`, about);
}

export function get<T>(door: Door, path: string, about: About<T>, answer: Answer<NoInfer<T>>): void {
  route(door, ['GET'], path, about, answer);
}

export function post<T>(door: Door, path: string, about: About<T>, answer: Answer<NoInfer<T>>): void {
  route(door, ['POST'], path, about, answer);
}

/** PATCH on the same path is the same action (API contract, section 1). */
export function put<T>(door: Door, path: string, about: About<T>, answer: Answer<NoInfer<T>>): void {
  route(door, ['PUT', 'PATCH'], path, about, answer);
}

/** For the few paths where PATCH merges and POST replaces (metadata, entitlements). */
export function patch<T>(door: Door, path: string, about: About<T>, answer: Answer<NoInfer<T>>): void {
  route(door, ['PATCH'], path, about, answer);
}

export function remove<T>(door: Door, path: string, about: About<T>, answer: Answer<NoInfer<T>>): void {
  route(door, ['DELETE'], path, about, answer);
}
