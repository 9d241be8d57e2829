import { sql } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { insertionOf, writeTogether } from '@/db/insert-rows';
import { auditRows, idempotencyKeys } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { CommandError } from '@/lib/schedule/errors';
import { Gatherer, type Settled } from '@/lib/schedule/gatherer';
import { auditRowOf, plain } from './audit';
import type { Command, CommandContext, Outcome, Request, Together } from './command';
import { readInput } from './input';
import { fingerprint, keeperOf, keyReused, openAct, readKeys, type StoredKey, sameAct } from './open-act';

/** Acts of one transaction at most. */
const MOST = 100;

/** Someone else has taken one of the keys since they were looked up. */
class KeyTaken extends Error {}

/** What Postgres says of values, rows that are there, and order: of one act, perhaps not of its neighbours. */
const OF_ONE = /^(22|23|40)/;

type AnyRequest = Request<unknown>;
type AnyShared = Command<unknown, unknown> & { together: Together<unknown, unknown> };

interface Act {
  databases: Databases;
  command: AnyShared;
  request: AnyRequest;
}

/**
 * What an act of software waits for that others may be waiting for too; null when it is done alone. People's acts are: each
 * has its rights, its reason and its limit.
 */
export function waitsFor<I, R>(command: Command<I, R>, { actor, input }: Request<I>): string | null {
  if (!command.together || actor.type === 'person') return null;
  const parsed = command.input.safeParse(input);
  return parsed.success ? command.together.waitsFor(parsed.data) : null;
}

/**
 * Does an act in one transaction with those that wait for the same subject, are of the same command and the same actor: each
 * with its own key, audit row and outcome, answered when all is committed. One that fails harms no other.
 */
export function runTogether<I, R>(
  databases: Databases,
  command: Command<I, R>,
  request: Request<I>,
  subject: string,
): Promise<R> {
  const { organizationId, actor } = request;
  const key = [organizationId, command.name, actor.type, keeperOf(actor), actor.name, subject].join('|');
  const act = { databases, command, request } as unknown as Act;
  return gathererOf(databases).add(key, act) as Promise<R>;
}

const KEY = Symbol.for('counterfoil.acts');
type Holder = { [KEY]?: WeakMap<Databases, Gatherer<Act, unknown>> };

/** The one of these pools, shared by the Node server and Next's bundle, which load this module twice. */
function gathererOf(databases: Databases): Gatherer<Act, unknown> {
  const holder = globalThis as Holder;
  holder[KEY] ??= new WeakMap();
  let gatherer = holder[KEY].get(databases);
  if (!gatherer) {
    gatherer = new Gatherer(MOST, workGroup);
    holder[KEY].set(databases, gatherer);
  }
  return gatherer;
}

async function workGroup(acts: Act[]): Promise<Settled<unknown>[]> {
  try {
    return await attempt(acts).catch((error: unknown) => {
      if (error instanceof KeyTaken) return attempt(acts);
      throw error;
    });
  } catch (error) {
    if (acts.length === 1 || !(error instanceof KeyTaken || OF_ONE.test(codeOf(error)))) throw error;
    const settled: Settled<unknown>[] = [];
    for (const act of acts) {
      const alone = await workGroup([act]).catch((error: unknown) => [{ ok: false as const, error }]);
      settled.push(...alone);
    }
    return settled;
  }
}

/** The database's code behind what the ORM throws. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : null;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

/** One transaction for all. */
function attempt(acts: Act[]): Promise<Settled<unknown>[]> {
  const [{ databases, command, request }] = acts as [Act];
  const { organizationId, actor } = request;
  return withTenant(databases, organizationId, async (tx) => {
    const { now, holdMinutes } = await openAct(tx, organizationId, actor, null);
    const context: CommandContext = { tx, organizationId, now, actor, mode: 'apply', holdMinutes };
    const requests = acts.map((act) => act.request);
    const answers = answersKept(command, requests, await keysOf(tx, requests));
    const open = requests.filter((request) => !answers.has(request) && isFirst(request, requests));
    const inputs = open.map(({ input }) => readInput(command, input));
    const outcomes = inputs.length > 0 ? await command.together.run(context, inputs) : [];
    await writeDown(context, command, open, inputs, outcomes);
    for (const [place, request] of open.entries()) answers.set(request, settledBy(outcomes[place]!));
    await lookAgain(tx, command, open, answers);
    return requests.map((request) => answers.get(request) ?? repeated(request, requests, answers));
  });
}

function settledBy(outcome: Outcome<unknown> | CommandError): Settled<unknown> {
  return outcome instanceof CommandError
    ? { ok: false, error: outcome }
    : { ok: true, value: outcome.result };
}

async function keysOf(tx: Tx, requests: AnyRequest[]): Promise<Map<string, StoredKey>> {
  const keys = requests.flatMap(({ idempotencyKey }) => idempotencyKey ?? []);
  const [first] = requests;
  const stored = first ? await readKeys(tx, first.organizationId, first.actor, keys) : [];
  return new Map(stored.map((row) => [row.key, row]));
}

/** The answers of acts that have been done before. */
function answersKept(
  command: AnyShared,
  requests: AnyRequest[],
  stored: Map<string, StoredKey>,
): Map<AnyRequest, Settled<unknown>> {
  const answers = new Map<AnyRequest, Settled<unknown>>();
  for (const request of requests) {
    const kept = stored.get(request.idempotencyKey ?? '');
    if (kept) answers.set(request, keptAnswer(command, request, kept));
  }
  return answers;
}

function keptAnswer({ name }: AnyShared, request: AnyRequest, kept: StoredKey | undefined): Settled<unknown> {
  const claim = { key: request.idempotencyKey ?? '', command: name, input: request.input };
  return trying(() => sameAct(kept, claim).result);
}

function trying(answer: () => unknown): Settled<unknown> {
  try {
    return { ok: true, value: answer() };
  } catch (error) {
    return { ok: false, error };
  }
}

/** Whether no earlier request of the group has its key. */
function isFirst(request: AnyRequest, requests: AnyRequest[]): boolean {
  const { idempotencyKey: key } = request;
  return !key || requests.find(({ idempotencyKey }) => idempotencyKey === key) === request;
}

/** A key twice in one group: what the first one came to. */
function repeated(
  request: AnyRequest,
  requests: AnyRequest[],
  answers: Map<AnyRequest, Settled<unknown>>,
): Settled<unknown> {
  const first = requests.find(({ idempotencyKey }) => idempotencyKey === request.idempotencyKey);
  const answer = first && answers.get(first);
  if (!answer) return { ok: false, error: new Error('an act of the group was lost') };
  if (fingerprint(request.input) !== fingerprint(first.input)) return trying(keyReused);
  return answer.ok ? { ok: true, value: plain(answer.value) } : answer;
}

/** The audit row and the kept answer of each act that was done. Throws KeyTaken, so that nothing is done twice. */
async function writeDown(
  context: CommandContext,
  command: AnyShared,
  requests: AnyRequest[],
  inputs: unknown[],
  outcomes: (Outcome<unknown> | CommandError)[],
): Promise<void> {
  const { tx, organizationId, now, actor } = context;
  const audited: (typeof auditRows.$inferInsert)[] = [];
  const kept: (typeof idempotencyKeys.$inferInsert)[] = [];
  for (const [place, request] of requests.entries()) {
    const outcome = outcomes[place];
    if (!outcome || outcome instanceof CommandError) continue;
    const row = auditRowOf(context, command, inputs[place], outcome, request);
    audited.push(row);
    if (!request.idempotencyKey) continue;
    kept.push({
      organizationId,
      key: request.idempotencyKey,
      actorId: keeperOf(actor),
      command: command.name,
      inputHash: fingerprint(request.input),
      auditRowId: row.id,
      result: plain(outcome.result),
      createdAt: new Date(now),
    });
  }
  if (audited.length === 0) return;
  if (kept.length === 0) {
    await writeTogether(tx, { audited: insertionOf(auditRows, audited) });
    return;
  }
  const [written] = await writeTogether<{ keys: number }>(
    tx,
    {
      audited: insertionOf(auditRows, audited),
      keys: sql`${insertionOf(idempotencyKeys, kept)} on conflict do nothing returning 1`,
    },
    sql`select count(*)::int as keys from keys`,
  );
  if (written?.keys !== kept.length) throw new KeyTaken();
}

/** An act that failed may have been done elsewhere while this one waited: then that answer counts. */
async function lookAgain(
  tx: Tx,
  command: AnyShared,
  requests: AnyRequest[],
  answers: Map<AnyRequest, Settled<unknown>>,
): Promise<void> {
  const failed = requests.filter((request) => request.idempotencyKey && !answers.get(request)?.ok);
  if (failed.length === 0) return;
  for (const [request, answer] of answersKept(command, failed, await keysOf(tx, failed))) {
    answers.set(request, answer);
  }
}
