import { randomBytes } from 'node:crypto';
import { and, desc, eq, isNull, lt, or } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { apiKeys } from '@/db/schema';
import { withSystem } from '@/db/tenancy';
import { hashApiKey } from './secret.ts';

/** What a key may do, resource by resource. Null is everything. */
export type ApiKeyScopes = Record<string, ('read' | 'write')[]> | null;

export interface FoundApiKey {
  organizationId: string;
  id: string;
  name: string;
  scopes: ApiKeyScopes;
  /** Calls a minute it may make; null is what the server allows every key. */
  requestsPerMinute: number | null;
}

export interface NewApiKey {
  organizationId: string;
  name: string;
  /** Whose clock the organisation follows: says whether the key begins with cf_live_ or cf_test_. */
  live: boolean;
  scopes?: ApiKeyScopes;
  /** Epoch milliseconds, or null for a key that does not end by itself. */
  expiresAt?: number | null;
  requestsPerMinute?: number | null;
  /** Exactly this key instead of a random one (the demo's DEMO_API_KEY). */
  value?: string | undefined;
}

/**
 * Makes a key and returns it. It is shown once: only a keyed hash is kept. A key given by `value` that this organisation
 * holds already is left as it is.
 */
export async function createApiKey(
  tx: Tx,
  input: NewApiKey,
  now: number,
): Promise<{ id: string; key: string }> {
  const key = input.value ?? `cf_${input.live ? 'live' : 'test'}_${randomBytes(32).toString('base64url')}`;
  const keyHash = hashApiKey(key);
  cache().delete(keyHash);
  const [kept] = await tx
    .insert(apiKeys)
    .values({
      organizationId: input.organizationId,
      id: newId(),
      name: input.name,
      keyHash,
      lastFour: key.slice(-4),
      scopes: input.scopes ?? null,
      requestsPerMinute: input.requestsPerMinute ?? null,
      createdAt: new Date(now),
      expiresAt: input.expiresAt ? new Date(input.expiresAt) : null,
    })
    .onConflictDoNothing({ target: apiKeys.keyHash })
    .returning({ id: apiKeys.id });
  if (kept) return { id: kept.id, key };
  const [own] = await tx
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(and(eq(apiKeys.keyHash, keyHash), eq(apiKeys.organizationId, input.organizationId)));
  if (!own) throw new Error('This API key belongs to another organisation. Give another one.');
  return { id: own.id, key };
}

/** The organisation's living keys, newest first; never the keys themselves. */
export function listApiKeys(tx: Tx, organizationId: string) {
  return tx
    .select({
      id: apiKeys.id,
      name: apiKeys.name,
      lastFour: apiKeys.lastFour,
      scopes: apiKeys.scopes,
      requestsPerMinute: apiKeys.requestsPerMinute,
      createdAt: apiKeys.createdAt,
      lastUsedAt: apiKeys.lastUsedAt,
      expiresAt: apiKeys.expiresAt,
    })
    .from(apiKeys)
    .where(and(eq(apiKeys.organizationId, organizationId), isNull(apiKeys.revokedAt)))
    .orderBy(desc(apiKeys.createdAt));
}

/** How long a replaced key goes on working unless said otherwise. */
const OVERLAP_MS = 24 * 3_600_000;

export interface Rotation {
  organizationId: string;
  id: string;
  live: boolean;
  /** How long the replaced key goes on working, milliseconds; 0 ends it at once. A day unless said otherwise. */
  overlapMs?: number;
  /** Epoch milliseconds at which the new key ends by itself; it does not unless said otherwise. */
  expiresAt?: number | null;
}

/**
 * Makes a key like this one and lets this one end by itself after the overlap, so that programs change over without an
 * outage. Null when there is no such living key. The new key is shown once.
 */
export async function rotateApiKey(
  tx: Tx,
  { organizationId, id, live, overlapMs = OVERLAP_MS, expiresAt = null }: Rotation,
  now: number,
): Promise<{ id: string; key: string; oldEndsAt: number } | null> {
  const own = and(eq(apiKeys.organizationId, organizationId), eq(apiKeys.id, id), isNull(apiKeys.revokedAt));
  const [old] = await tx.select().from(apiKeys).where(own).for('update');
  if (!old || (old.expiresAt && old.expiresAt.getTime() <= now)) return null;
  const oldEndsAt = Math.min(old.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY, now + overlapMs);
  await tx
    .update(apiKeys)
    .set({ expiresAt: new Date(oldEndsAt) })
    .where(own);
  cache().delete(old.keyHash);
  const { name, scopes, requestsPerMinute } = old;
  const made = await createApiKey(
    tx,
    { organizationId, name, live, scopes, requestsPerMinute, expiresAt },
    now,
  );
  return { ...made, oldEndsAt };
}

/** Ends a key of this organisation. Other processes notice within CACHE_MS. False when there is no such living key. */
export async function revokeApiKey(
  tx: Tx,
  organizationId: string,
  id: string,
  now: number,
): Promise<boolean> {
  const rows = await tx
    .update(apiKeys)
    .set({ revokedAt: new Date(now) })
    .where(and(eq(apiKeys.organizationId, organizationId), eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .returning({ keyHash: apiKeys.keyHash });
  for (const { keyHash } of rows) cache().delete(keyHash);
  return rows.length > 0;
}

/** A looked-up key is believed this long, which is also how long a revoked one may still work in another process. */
export const CACHE_MS = 5_000;
const CACHE_SIZE = 10_000;
const USED_EVERY_MS = 60_000;

interface Cached {
  found: FoundApiKey | null;
  expiresAt: number | null;
  readAt: number;
}

const CACHE = Symbol.for('counterfoil.api-keys');
type Holder = { [CACHE]?: Map<string, Cached> };

function cache(): Map<string, Cached> {
  const holder = globalThis as Holder;
  holder[CACHE] ??= new Map();
  return holder[CACHE];
}

/**
 * The organisation and scopes behind a key, or null when it is unknown, revoked or over. Answers from memory for up to
 * CACHE_MS; writes "last used" at most once a minute. `now` is epoch milliseconds.
 */
export async function findApiKey(
  databases: Databases,
  key: string,
  now: number,
): Promise<FoundApiKey | null> {
  if (key.length === 0 || key.length > 512) return null;
  const keyHash = hashes.get(key) ?? hashApiKey(key);
  const held = cache().get(keyHash);
  const fresh = held && now >= held.readAt && now - held.readAt < CACHE_MS;
  const entry = fresh ? held : await read(databases, keyHash, now);
  if (!entry.found) return null;
  remember(key, keyHash);
  return entry.expiresAt !== null && entry.expiresAt <= now ? null : entry.found;
}

/** Hashing takes longer than the rest of letting a call in, so the keys in use are kept beside their hash. */
const hashes = new Map<string, string>();
const HASHES = 1_000;

function remember(key: string, keyHash: string): void {
  if (hashes.has(key)) return;
  if (hashes.size >= HASHES) hashes.clear();
  hashes.set(key, keyHash);
}

async function read(databases: Databases, keyHash: string, now: number): Promise<Cached> {
  const row = await withSystem(databases, async (tx) => {
    const [found] = await tx
      .select()
      .from(apiKeys)
      .where(and(eq(apiKeys.keyHash, keyHash), isNull(apiKeys.revokedAt)));
    if (found && (!found.expiresAt || found.expiresAt.getTime() > now)) await markUsed(tx, found, now);
    return found;
  });
  const found = row
    ? {
        organizationId: row.organizationId,
        id: row.id,
        name: row.name,
        scopes: row.scopes,
        requestsPerMinute: row.requestsPerMinute,
      }
    : null;
  const entry = { found, expiresAt: row?.expiresAt?.getTime() ?? null, readAt: now };
  // Emptied rather than trimmed: filling it takes thousands of wrong keys, and a refill costs one query each.
  if (cache().size >= CACHE_SIZE) cache().clear();
  cache().set(keyHash, entry);
  return entry;
}

async function markUsed(
  tx: Tx,
  key: { organizationId: string; id: string; lastUsedAt: Date | null },
  now: number,
): Promise<void> {
  const minuteAgo = new Date(now - USED_EVERY_MS);
  if (key.lastUsedAt && key.lastUsedAt > minuteAgo) return;
  await tx
    .update(apiKeys)
    .set({ lastUsedAt: new Date(now) })
    .where(
      and(
        eq(apiKeys.organizationId, key.organizationId),
        eq(apiKeys.id, key.id),
        or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, minuteAgo)),
      ),
    );
}

/** Whether a key may read or write a resource. */
export function keyMay(scopes: ApiKeyScopes, resource: string, access: 'read' | 'write'): boolean {
  return scopes === null || (scopes[resource] ?? []).includes(access);
}
