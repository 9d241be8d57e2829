import type { z } from 'zod';
import type { Tx } from '@/db/clients';
import type { Role, UndoClass } from '@/db/schema';
import type { Right } from '@/lib/auth/rights';

/** Who acts. Rights come from a person's roles, from a key's scopes, or (for due work) from the system itself. */
export type Actor =
  | { type: 'person'; id: string; name: string; roles: Role[] }
  | { type: 'api_key'; id: string; name: string }
  | { type: 'system'; name: string };

export interface CommandContext {
  tx: Tx;
  organizationId: string;
  /** The organisation's clock, epoch milliseconds: the only "now" a command may use. */
  now: number;
  actor: Actor;
  /** `preview` runs the real body in a transaction that is rolled back: no number counters, nothing told to the world. */
  mode: 'apply' | 'preview';
  /** Minutes an act of class "held" waits; 0 when the door is the API. */
  holdMinutes: number;
}

export type LimitAct = 'credits' | 'discount' | 'trial' | 'refund' | 'credit_note';

/** What the act gives away, held against the actor's limit: minor units, days, or hundredths of a percent with bills. */
export interface LimitUse {
  act: LimitAct;
  quantity: bigint;
  currency?: string;
  bills?: number | null;
}

export interface Outcome<R> {
  result: R;
  /** What was done, in the words of the button and the timeline: "Extend trial by 14 days". */
  title: string;
  subject: { type: string; id: string | null };
  customerId?: string | null;
  subscriptionId?: string | null;
  before?: unknown;
  after?: unknown;
  givenAway?: { amountMinor: bigint; currency: string };
  limit?: LimitUse;
  /** The command and input that take it back, where it can be taken back. */
  inverse?: { command: string; input: unknown };
  /** Epoch milliseconds until which it can be taken back whole. */
  undoUntil?: number;
}

/** One thing that can be done. Every door (page, API, bulk job, due work) runs this same definition. */
export interface Command<I, R> {
  /** `subject/verb`, for example `subscriptions/extend-trial`. */
  name: string;
  input: z.ZodType<I>;
  right: Right;
  reason: 'required' | 'optional' | 'none';
  undo: UndoClass | null;
  run(context: CommandContext, input: I): Promise<Outcome<R>>;
}

/** Gives a command its types; the identity function otherwise. */
export function defineCommand<I, R>(command: Command<I, R>): Command<I, R> {
  return command;
}
