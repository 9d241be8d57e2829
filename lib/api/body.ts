import { isUtf8 } from 'node:buffer';
import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from './environment.ts';
import { ApiError, badRequest } from './errors.ts';

/** Bytes one request may bring. */
const BODY_LIMIT_BYTES = 10 * 1024 * 1024;

function tooLarge(): ApiError {
  const message = `A request may bring ${BODY_LIMIT_BYTES / 1024 / 1024} MB. Send less at once.`;
  return new ApiError(413, { status: 413, error: 'Payload Too Large', code: 'payload_too_large', message });
}

/** Throws 413 for a body that says it is too large, before a byte of it is read. */
export function refuseAnnounced(contentLength: string | undefined): void {
  if (Number(contentLength ?? '0') > BODY_LIMIT_BYTES) throw tooLarge();
}

export const refuseLargeBodies = createMiddleware<ApiEnv>(async (context, next) => {
  refuseAnnounced(context.req.header('Content-Length'));
  await next();
});

/** Gathers a body's parts. Throws 413 past the limit, 400 when it is not UTF-8. */
export class BodyParts {
  private readonly parts: Uint8Array[] = [];
  private bytes = 0;

  add(part: Uint8Array): void {
    this.bytes += part.byteLength;
    if (this.bytes > BODY_LIMIT_BYTES) throw tooLarge();
    this.parts.push(part);
  }

  /** The whole body, which is UTF-8. */
  whole(): Buffer {
    const whole = this.parts.length === 1 ? this.parts[0]! : Buffer.concat(this.parts);
    if (!isUtf8(whole)) throw badRequest('the body is not valid UTF-8');
    return Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength);
  }

  text(): string {
    return this.whole().toString('utf8');
  }
}

/**
 * The body as text. One that came without its length (chunked) is counted while it is read. Throws 413 past the limit and
 * 400 when it is not UTF-8.
 */
export async function readBody(request: Request): Promise<string> {
  const parts = new BodyParts();
  if (request.headers.has('content-length') || !request.body) {
    parts.add(new Uint8Array(await request.arrayBuffer()));
    return parts.text();
  }
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parts.text();
    try {
      parts.add(value);
    } catch (error) {
      await reader.cancel();
      throw error;
    }
  }
}
