import { createHmac, timingSafeEqual } from 'node:crypto';
import { publicOrigin } from './origin.ts';
import { deriveKey } from './secret.ts';

/** What a link opens: one document of one organisation, until an instant (epoch milliseconds). */
export interface DocumentLink {
  organizationId: string;
  kind: 'invoice' | 'credit_note';
  id: string;
  until: number;
}

const DAY = 86_400_000;
/** Days a link is good for after the day it was given out. */
const GOOD_FOR = 30;
const KINDS: readonly DocumentLink['kind'][] = ['invoice', 'credit_note'];
const BODY = 16 + 1 + 16 + 4;
const MAC = 32;

let key: Buffer | undefined;

function mac(body: Buffer): Buffer {
  key ??= deriveKey('document link');
  return createHmac('sha256', key).update(body).digest();
}

const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A token for exactly this document and end, which nobody can make or change without the server's secret. */
export function sealDocumentLink({ organizationId, kind, id, until }: DocumentLink): string {
  const body = Buffer.alloc(BODY);
  bytesOf(organizationId).copy(body, 0);
  body.writeUInt8(KINDS.indexOf(kind), 16);
  bytesOf(id).copy(body, 17);
  body.writeUInt32BE(Math.floor(until / 1000), 33);
  return Buffer.concat([body, mac(body)]).toString('base64url');
}

/** What a token opens at `now` (epoch milliseconds); 'unknown' when it was not made here or was changed. */
export function openDocumentLink(token: string, now: number): DocumentLink | 'unknown' | 'expired' {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== BODY + MAC || bytes.toString('base64url') !== token) return 'unknown';
  const body = bytes.subarray(0, BODY);
  if (!timingSafeEqual(bytes.subarray(BODY), mac(body))) return 'unknown';
  const kind = KINDS[body.readUInt8(16)];
  if (!kind) return 'unknown';
  const until = body.readUInt32BE(33) * 1000;
  if (now >= until) return 'expired';
  return { organizationId: uuidOf(body.subarray(0, 16)), kind, id: uuidOf(body.subarray(17, 33)), until };
}

/**
 * The address of a document for whoever is given it: it opens without a session, for 30 days from the day of `now` (epoch
 * milliseconds, real time). The same all day, so that two answers of one day are alike.
 */
export function documentUrl(ref: Omit<DocumentLink, 'until'>, now: number): string {
  const until = (Math.floor(now / DAY) + 1 + GOOD_FOR) * DAY;
  return `${publicOrigin()}/api/v1/files/${sealDocumentLink({ ...ref, until })}`;
}
