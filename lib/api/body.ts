import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from './environment.ts';
import { ApiError } from './errors.ts';

/** Bytes one request may bring. */
const BODY_LIMIT_BYTES = 10 * 1024 * 1024;

function tooLarge(): ApiError {
  return new ApiError(413, { status: 413, error: 'Payload Too Large', code: 'payload_too_large' });
}

/** Refuses a body that says it is too large before a byte of it is read. Throws 413. */
export const refuseLargeBodies = createMiddleware<ApiEnv>(async (context, next) => {
  const announced = Number(context.req.header('Content-Length') ?? '0');
  if (announced > BODY_LIMIT_BYTES) throw tooLarge();
  await next();
});

/**
 * The body as text. One that came without its length (chunked) is counted while it is read. Throws 413 past the limit.
 */
export async function readBody(request: Request): Promise<string> {
  if (request.headers.has('content-length') || !request.body) return request.text();
  const reader = request.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > BODY_LIMIT_BYTES) {
      await reader.cancel();
      throw tooLarge();
    }
    text += decoder.decode(value, { stream: true });
  }
}
