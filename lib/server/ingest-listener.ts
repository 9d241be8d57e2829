import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyParts, refuseAnnounced } from '@/lib/api/body';
import { isIngestPath, type RawAnswer, type RawCall } from '@/lib/api/ingest-door';

const READ_PAST_BYTES = 1_000_000;
/** Time for the answer to arrive before a sender who goes on sending is cut off. */
const HANG_UP_MS = 1_000;

/** Whether a request is for the ingest listener. One with an idempotency key is rare and left to the API. */
export function isForIngest({ method, url, headers }: IncomingMessage): boolean {
  if (method !== 'POST' || headers['idempotency-key'] !== undefined || !url) return false;
  const end = url.indexOf('?');
  return isIngestPath(end < 0 ? url : url.slice(0, end));
}

/** Takes usage events straight from the socket: see `createIngestDoor`. */
export function ingestListener(door: (call: RawCall) => Promise<RawAnswer>) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { headers, url = '/' } = request;
    const answer = await door({
      path: url.split('?', 1)[0] ?? url,
      header: (name) => {
        const value = headers[name];
        return Array.isArray(value) ? value[0] : value;
      },
      readBody: () => readBody(request),
    });
    if (response.destroyed) return;
    // The rest of a refused body stands before the next request: a short one is read past, a long one ends the connection.
    if (!request.complete && Number(headers['content-length']) <= READ_PAST_BYTES) request.resume();
    else if (!request.complete) response.setHeader('connection', 'close');
    const encoding = answer.ascii ? 'latin1' : 'utf8';
    const length = answer.ascii ? answer.body.length : Buffer.byteLength(answer.body);
    response.writeHead(answer.status, { ...answer.headers, 'content-length': length });
    if (request.complete) response.end(answer.body, encoding);
    else response.end(answer.body, encoding, () => hangUp(request));
  };
}

function hangUp(request: IncomingMessage): void {
  if (!request.complete) setTimeout(() => request.destroy(), HANG_UP_MS).unref();
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  refuseAnnounced(request.headers['content-length']);
  const parts = new BodyParts();
  return new Promise((resolve, reject) => {
    request.on('data', (part: Buffer) => {
      try {
        parts.add(part);
      } catch (error) {
        request.pause();
        reject(error);
      }
    });
    request.once('end', () => {
      try {
        resolve(parts.whole());
      } catch (error) {
        reject(error);
      }
    });
    request.once('error', reject);
    request.once('close', () => reject(new Error('the caller hung up')));
  });
}
