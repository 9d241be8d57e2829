import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { throttles } from '@/db/schema/people';
import { addressOwner } from './address.ts';

const MINUTE = 60_000;

/**
 * How often something may be tried, in fixed windows.
 *
 * The pair of account and address is what gets closed: somebody guessing at another's password closes the door for
 * himself, not for its owner. One account from everywhere, and one address at every account, are only slowed down, up to
 * a hard stop far above what an office behind one address needs.
 */
interface Window {
  lengthMs: number;
  /** Tries after which each further one waits. */
  slowAfter: number;
  /** Tries after which there is no answer until the window ends. */
  stopAfter: number;
}

export type ThrottledAct = 'sign-in' | 'code' | 'reset' | 'invitation';
type Scope = 'pair' | 'account' | 'address';

const RULES: Record<ThrottledAct, Record<Scope, Window>> = {
  'sign-in': {
    pair: { lengthMs: 15 * MINUTE, slowAfter: 3, stopAfter: 8 },
    account: { lengthMs: 60 * MINUTE, slowAfter: 20, stopAfter: Number.POSITIVE_INFINITY },
    address: { lengthMs: 15 * MINUTE, slowAfter: 60, stopAfter: 400 },
  },
  // Only somebody who has the password gets this far, and a code has a million values: here the account itself closes.
  code: {
    pair: { lengthMs: 15 * MINUTE, slowAfter: 3, stopAfter: 5 },
    account: { lengthMs: 60 * MINUTE, slowAfter: 5, stopAfter: 20 },
    address: { lengthMs: 15 * MINUTE, slowAfter: 60, stopAfter: 400 },
  },
  reset: {
    pair: { lengthMs: 60 * MINUTE, slowAfter: 2, stopAfter: 3 },
    account: { lengthMs: 60 * MINUTE, slowAfter: 3, stopAfter: 10 },
    address: { lengthMs: 60 * MINUTE, slowAfter: 20, stopAfter: 100 },
  },
  invitation: {
    pair: { lengthMs: 15 * MINUTE, slowAfter: 5, stopAfter: 20 },
    account: { lengthMs: 15 * MINUTE, slowAfter: 20, stopAfter: 100 },
    address: { lengthMs: 15 * MINUTE, slowAfter: 20, stopAfter: 100 },
  },
};

const LONGEST_DELAY_MS = 4_000;

export interface Attempt {
  act: ThrottledAct;
  /** What is being tried: the normalised e-mail, or a person's id. Unknown ones count the same as known ones. */
  account: string;
  /** From where. */
  address: string;
}

/** `go`: try after `delayMs` (0 mostly). `stop`: no answer before `until` (epoch milliseconds). */
export type Admission = { kind: 'go'; delayMs: number } | { kind: 'stop'; until: number };

/** Counts a try and says whether it may go on. Must commit whatever becomes of the try: give it its own transaction. */
export async function admit(tx: Tx, attempt: Attempt, now: number): Promise<Admission> {
  let delayMs = 0;
  let until = 0;
  for (const scope of ['pair', 'account', 'address'] as const) {
    const rule = RULES[attempt.act][scope];
    const { points, windowStart } = await count(tx, keyOf(attempt, scope), rule.lengthMs, now);
    if (points > rule.stopAfter) until = Math.max(until, windowStart + rule.lengthMs);
    if (points > rule.slowAfter) {
      delayMs = Math.max(delayMs, Math.min(LONGEST_DELAY_MS, 250 * 2 ** (points - rule.slowAfter - 1)));
    }
  }
  return until > 0 ? { kind: 'stop', until } : { kind: 'go', delayMs };
}

/** Forgets the tries of this account from this address after one that was right, and sweeps up rows long over. */
export async function forgive(tx: Tx, attempt: Attempt, now: number): Promise<void> {
  const sweepBefore = new Date(now - 24 * 60 * MINUTE).toISOString();
  await tx.execute(sql`delete from ${throttles} where key = ${keyOf(attempt, 'pair')}`);
  await tx.execute(
    sql`delete from ${throttles} where key in (select key from ${throttles} where window_start < ${sweepBefore}::timestamptz
        limit 100 for update skip locked)`,
  );
}

async function count(tx: Tx, key: string, lengthMs: number, now: number) {
  const over = new Date(now - lengthMs).toISOString();
  const at = new Date(now).toISOString();
  const rows = await tx.execute<{ points: number; started: string }>(
    sql`insert into ${throttles} (key, window_start, points) values (${key}, ${at}::timestamptz, 1)
        on conflict (key) do update set
          points = case when throttles.window_start <= ${over}::timestamptz then 1 else throttles.points + 1 end,
          window_start = case when throttles.window_start <= ${over}::timestamptz then excluded.window_start
                              else throttles.window_start end
        returning points, (extract(epoch from window_start) * 1000)::bigint::text as started`,
  );
  return { points: rows[0]?.points ?? 1, windowStart: Number(rows[0]?.started ?? now) };
}

/** Keys are hashed, so that the table keeps no list of addresses that were tried. */
function keyOf({ act, account, address: from }: Attempt, scope: Scope): string {
  const address = addressOwner(from);
  const what = { pair: `${account}\n${address}`, account, address }[scope];
  return `${act}:${scope}:${createHash('sha256').update(what).digest('base64url')}`;
}
