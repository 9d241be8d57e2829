import type { z } from 'zod';
import type { Role, UndoClass } from '@/db/schema';
import type { Right } from '@/lib/auth/rights';
import type { BillingContext } from '@/lib/invoicing/context';
import type { CommandError } from '@/lib/schedule/errors';

/** Who acts. Rights come from a person's roles, from a key's scopes, or (for due work) from the system itself. */
export type Actor =
  | { type: 'person'; id: string; name: string; roles: Role[] }
  | { type: 'api_key'; id: string; name: string }
  | { type: 'system'; name: string };

/** What a command's body works in: the billing context, with who acts. Its `now` is the only one a command may use. */
export interface CommandContext extends BillingContext {
  actor: Actor;
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
  /** Set where the class depends on what was chosen; the command's own otherwise. */
  undo?: UndoClass;
  /** What it moves in words, where it is about no customer: a limit from one figure to another. */
  moves?: Move[];
}

/** One thing that an act moves, in words. */
export interface Move {
  what: string;
  from: string;
  to: string;
}

/** One thing that can be done. Every door (page, API, bulk job, due work) runs this same definition. */
export interface Command<I, R> {
  /** `subject/verb`, for example `subscriptions/extend-trial`. */
  name: string;
  input: z.ZodType<I>;
  right: Right;
  reason: 'required' | 'optional' | 'none';
  undo: UndoClass | null;
  /** The id of the invoice an input is about, where it is about one: a preview shows that invoice before and after. */
  invoiceOf?(input: I): string;
  run(context: CommandContext, input: I): Promise<Outcome<R>>;
  together?: Together<I, R>;
}

/** What a door asks for. */
export interface Request<I> {
  organizationId: string;
  actor: Actor;
  input: I;
  reasonCode?: string | null;
  note?: string | null;
  /** The same key gives the same answer; another input under it is refused. */
  idempotencyKey?: string;
  requestId?: string;
}

/** How acts of software that wait for the same thing are done in one transaction, each with its own outcome. */
export interface Together<I, R> {
  /** Names what an input waits for; null where it is done alone. */
  waitsFor(input: I): string | null;
  /**
   * What `run` would make of the inputs one after the other, in their order: an outcome, or the failure that one alone is
   * answered with. A failure thrown is the answer of all.
   */
  run(context: CommandContext, inputs: readonly I[]): Promise<(Outcome<R> | CommandError)[]>;
}

/** Gives a command its types; the identity function otherwise. */
export function defineCommand<I, R>(command: Command<I, R>): Command<I, R> {
  return command;
}
