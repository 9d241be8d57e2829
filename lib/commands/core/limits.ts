import { sql } from 'drizzle-orm';
import { LIMIT_CURRENCY, type Limit, limitsFor } from '@/lib/auth/limits';
import { exponentOf } from '@/lib/billing/money/currency';
import { formatMoney } from '@/lib/billing/money/format';
import { CommandError } from '@/lib/schedule/errors';
import type { CommandContext, LimitUse, Outcome } from './command';

const THIRTY_DAYS = 30 * 86_400_000;

export interface Verdict {
  within: boolean;
  /** What the limit says of this act, in a sentence for the stub. */
  sentence: string;
  /** The person who decides when it is over, by name. */
  approver: string | null;
}

/** Minor units of another currency as the limit's: one for one by value, as no daily rates are kept. */
function inLimitUnits({ quantity, currency }: Pick<LimitUse, 'quantity' | 'currency'>): bigint {
  if (!currency) return quantity;
  const scale = exponentOf(LIMIT_CURRENCY) - exponentOf(currency);
  return scale >= 0 ? quantity * 10n ** BigInt(scale) : quantity / 10n ** BigInt(-scale);
}

interface Used {
  byCustomer: bigint;
  byPerson: bigint;
}

const isMoney = (act: LimitUse['act']): boolean => act !== 'trial' && act !== 'discount';

/** What was given in the last 30 days under this limit, undone acts left out. */
async function usedRecently(
  { tx, organizationId, now, actor }: CommandContext,
  act: LimitUse['act'],
  customerId: string | null,
): Promise<Used> {
  const actorId = actor.type === 'person' ? actor.id : null;
  const rows = await tx.execute<{ currency: string | null; by_customer: string; by_person: string }>(sql`
    select a.currency, coalesce(sum(a.limit_quantity) filter (where a.customer_id = ${customerId}), 0)::text as by_customer,
           coalesce(sum(a.limit_quantity) filter (where a.actor_id = ${actorId}), 0)::text as by_person
    from audit_rows a
    where a.organization_id = ${organizationId} and a.limit_act = ${act}
      and a.occurred_at > ${new Date(now - THIRTY_DAYS).toISOString()}::timestamptz
      and not exists (select 1 from audit_rows u where u.organization_id = a.organization_id and u.undoes_id = a.id)
    group by a.currency`);
  const total = (member: 'by_customer' | 'by_person') =>
    rows.reduce((sum, row) => {
      const currency = isMoney(act) ? (row.currency ?? undefined) : undefined;
      return sum + inLimitUnits({ quantity: BigInt(row[member]), currency });
    }, 0n);
  return { byCustomer: total('by_customer'), byPerson: total('by_person') };
}

function say(act: LimitUse['act'], quantity: bigint): string {
  if (act === 'trial') return `${quantity} ${quantity === 1n ? 'day' : 'days'}`;
  if (act === 'discount') return `${Number(quantity) / 100}%`;
  return formatMoney(quantity, LIMIT_CURRENCY);
}

function judge(limit: Limit, use: LimitUse, used: Used): { within: boolean; sentence: string } {
  const { act } = use;
  const quantity = inLimitUnits(use);
  const over = (sentence: string) => ({ within: false, sentence });
  if (limit.perAct !== null && quantity > limit.perAct) {
    return over(
      `You may give ${say(act, limit.perAct)} at a time. This is ${say(act, quantity - limit.perAct)} more.`,
    );
  }
  if (limit.maxBills !== null && (use.bills === null || (use.bills ?? 0) > limit.maxBills)) {
    return over(`You may discount up to ${limit.maxBills} bills.`);
  }
  if (limit.perCustomer30d !== null && used.byCustomer + quantity > limit.perCustomer30d) {
    return over(
      `This customer has had ${say(act, used.byCustomer)} of your ${say(act, limit.perCustomer30d)} in 30 days.`,
    );
  }
  if (limit.perPerson30d !== null && used.byPerson + quantity > limit.perPerson30d) {
    return over(`You have given ${say(act, used.byPerson)} of ${say(act, limit.perPerson30d)} in 30 days.`);
  }
  return { within: true, sentence: withinSentence(limit, use, quantity, used) };
}

function withinSentence(limit: Limit, { act, bills }: LimitUse, quantity: bigint, used: Used): string {
  if (limit.perAct === null) return 'No limit applies to you.';
  const parts = [`${say(act, quantity)} of ${say(act, limit.perAct)} at a time`];
  if (limit.perCustomer30d !== null) {
    parts.push(
      `${say(act, used.byCustomer + quantity)} of ${say(act, limit.perCustomer30d)} for this customer`,
    );
  }
  if (limit.maxBills !== null) parts.push(`${bills ?? 0} of ${limit.maxBills} bills`);
  return `Within your limit: ${parts.join(', ')}`;
}

/** Who may decide over this act: the first founder or finance person who is not asking. */
async function approverFor({ tx, organizationId, actor }: CommandContext): Promise<string | null> {
  const own = actor.type === 'person' ? actor.id : null;
  const rows = await tx.execute<{ name: string }>(sql`
    select name from memberships
    where organization_id = ${organizationId} and ended_at is null and user_id is distinct from ${own}
      and (roles ? 'founder' or roles ? 'finance')
    order by roles ? 'founder' desc, created_at limit 1`);
  return rows[0]?.name ?? null;
}

/**
 * Whether an act lies within its actor's limits (operator dashboard 3.5): per act, per customer and per person in 30 days.
 * Keys and due work have no limits of this kind.
 */
export async function judgeLimit<R>(context: CommandContext, outcome: Outcome<R>): Promise<Verdict> {
  const { actor } = context;
  const use = outcome.limit;
  if (!use) return { within: true, sentence: 'No limit applies: nothing is given away.', approver: null };
  if (actor.type !== 'person') return { within: true, sentence: 'No limit applies.', approver: null };
  const limit = (await limitsFor(context.tx, context.organizationId, actor.roles))[use.act];
  if (!limit) {
    const sentence = 'Your role does not give this without asking.';
    return { within: false, sentence, approver: await approverFor(context) };
  }
  const used = await usedRecently(context, use.act, outcome.customerId ?? null);
  const verdict = judge(limit, use, used);
  return { ...verdict, approver: verdict.within ? null : await approverFor(context) };
}

/**
 * Throws limit_exceeded when the act is over its actor's limit. A person's acts wait for one another here: two at the same
 * moment could each find room for itself alone.
 */
export async function enforceLimit<R>(context: CommandContext, outcome: Outcome<R>): Promise<void> {
  const { tx, organizationId, actor } = context;
  if (outcome.limit && actor.type === 'person') {
    const whose = `limits of ${actor.id} in ${organizationId}`;
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${whose}, 0))`);
  }
  const verdict = await judgeLimit(context, outcome);
  if (verdict.within) return;
  throw new CommandError({
    kind: 'limit_exceeded',
    message: verdict.sentence,
    approver: verdict.approver,
  });
}
