import { createHash } from 'node:crypto';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { idempotencyKeys, type OrganizationSettings } from '@/db/schema';
import { canonicalJson } from '@/lib/billing/invoice/canonical';
import { CLOCK_NOW } from '@/lib/schedule/clock';
import { conflict, notFound } from '@/lib/schedule/errors';
import { textArray } from '@/lib/usage/arrays';
import { plain } from './audit';
import type { Actor } from './command';

const DEFAULT_HOLD_MINUTES = 10;

/** Minutes acts that leave the house are held; only people's acts are held. */
function holdMinutesOf(actor: Actor, settings: OrganizationSettings): number {
  return actor.type === 'person' ? (settings.holdMinutes ?? DEFAULT_HOLD_MINUTES) : 0;
}

/** A short, stable fingerprint of any input. */
export function fingerprint(value: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(plain(value)))
    .digest('hex');
}

export interface Stored {
  result: unknown;
  auditRowId: string | null;
}

/** How an act begins. */
export interface Opened {
  /** The organisation's clock, epoch milliseconds. */
  now: number;
  holdMinutes: number;
  /** The answer kept under the key, where this very act has been done. */
  stored: Stored | null;
}

/** What a key is claimed for. */
export interface Claim {
  key: string;
  command: string;
  input: unknown;
}

/** Under whom an actor's keys are kept. */
export const keeperOf = (actor: Actor): string =>
  actor.type === 'system' ? '00000000-0000-0000-0000-000000000000' : actor.id;

/**
 * Begins an act in one statement: the organisation's clock and hold, and its idempotency key. Throws conflict when the key was
 * used for something else, not_found for an unknown organisation.
 */
export async function openAct(
  tx: Tx,
  organizationId: string,
  actor: Actor,
  claim: Claim | null,
): Promise<Opened> {
  const claiming = claim
    ? sql`, claimed as (
        insert into idempotency_keys (organization_id, key, actor_id, command, input_hash, created_at)
        select ${organizationId}::uuid, ${claim.key}, ${keeperOf(actor)}::uuid, ${claim.command},
               ${fingerprint(claim.input)}, to_timestamp(clock.now / 1000.0) from clock
        on conflict do nothing returning 1
      )`
    : sql``;
  const [row] = await tx.execute<{ now: string; settings: OrganizationSettings; claimed: boolean }>(sql`
    with clock as materialized (
      select ${CLOCK_NOW} as now, settings from organizations where id = ${organizationId}
    )${claiming}
    select now::text as now, settings, ${claim ? sql`exists (select 1 from claimed)` : sql`true`} as claimed from clock`);
  if (!row) return notFound('organization');
  const stored = claim && !row.claimed ? await answerOf(tx, organizationId, actor, claim) : null;
  return { now: Number(row.now), holdMinutes: holdMinutesOf(actor, row.settings), stored };
}

/** The answer under a key that is taken. Throws conflict when it was taken for something else. */
async function answerOf(tx: Tx, organizationId: string, actor: Actor, claim: Claim): Promise<Stored> {
  const [stored] = await readKeys(tx, organizationId, actor, [claim.key]);
  return sameAct(stored, claim);
}

export type StoredKey = typeof idempotencyKeys.$inferSelect;

export function readKeys(tx: Tx, organizationId: string, actor: Actor, keys: string[]): Promise<StoredKey[]> {
  if (keys.length === 0) return Promise.resolve([]);
  return tx
    .select()
    .from(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.organizationId, organizationId),
        eq(idempotencyKeys.actorId, keeperOf(actor)),
        sql`${idempotencyKeys.key} = any(${textArray(keys)}::text[])`,
      ),
    );
}

/** Throws the answer to a key that was used for something else. */
export function keyReused(): never {
  return conflict(
    'idempotency_key_reused',
    'This key was used for another act. Send a new key with a new act.',
  );
}

/** What is kept under a key, when it is kept of this very act. Throws conflict otherwise. */
export function sameAct(stored: StoredKey | undefined, { command, input }: Claim): Stored {
  if (!stored || stored.command !== command || stored.inputHash !== fingerprint(input)) {
    return keyReused();
  }
  return { result: stored.result, auditRowId: stored.auditRowId };
}

/** Stores the answer under the key, in the act's own transaction. */
export async function storeAnswer(
  tx: Tx,
  organizationId: string,
  actor: Actor,
  key: string,
  auditRowId: string | null,
  result: unknown,
): Promise<void> {
  await tx.execute(keeping(tx, organizationId, actor, key, auditRowId, result));
}

/** The write of `storeAnswer`, to go with others in one statement. */
export function keeping(
  tx: Tx,
  organizationId: string,
  actor: Actor,
  key: string,
  auditRowId: string | null,
  result: unknown,
): SQL {
  return tx
    .update(idempotencyKeys)
    .set({ auditRowId, result: plain(result) })
    .where(
      and(
        eq(idempotencyKeys.organizationId, organizationId),
        eq(idempotencyKeys.actorId, keeperOf(actor)),
        eq(idempotencyKeys.key, key),
      ),
    )
    .getSQL();
}
