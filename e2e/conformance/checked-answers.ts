import { answerCheck } from '../../lib/api/testing/answer-check.ts';

/**
 * Loaded before run.mjs: every answer of the API is held against the server's own OpenAPI document. One that differs is
 * taken for no answer at all, so its scenario fails with the route, the place and the value.
 */
const url = process.env.API_URL ?? '';
const send = globalThis.fetch;
const described = await send(`${url}/api/v1/openapi.json`);
const check = answerCheck((await described.json()) as object);

globalThis.fetch = async (input, init) => {
  const response = await send(input, init);
  const called = new URL(String(input));
  if (!called.href.startsWith(`${url}/api/v1/`)) return response;
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const body: unknown = isJson && text ? JSON.parse(text) : null;
  const path = called.href.slice(`${url}/api/v1`.length);
  const drift = check(init?.method ?? 'GET', path, response.status, body);
  if (drift) throw new Error(`not as the API describes it: ${drift}`);
  const { status, headers } = response;
  return new Response(text, { status, headers });
};
