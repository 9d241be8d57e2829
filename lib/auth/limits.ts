import { and, eq, inArray } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { type Role, roleLimits } from '@/db/schema/people';
import { Exact } from '@/lib/billing/money/exact';
import { formatMoney } from '@/lib/billing/money/format';

export const LIMIT_ACTS = ['credits', 'discount', 'trial', 'refund', 'credit_note'] as const;
export type LimitAct = (typeof LIMIT_ACTS)[number];

/**
 * How much of one act may be given without asking. `null` is "no limit". Figures are minor units of US dollars for
 * credits, refunds and credit notes; days for trials; hundredths of a percent for discounts, whose length is `maxBills`.
 */
export interface Limit {
  perAct: bigint | null;
  perCustomer30d: bigint | null;
  perPerson30d: bigint | null;
  maxBills: number | null;
}

/** The limits of one person. An absent act means "not this person", whatever the amount. */
export type Limits = Partial<Record<LimitAct, Limit>>;

/** The currency money limits are kept in; amounts in another one are converted before they are compared. */
export const LIMIT_CURRENCY = 'USD';

const ANY: Limit = { perAct: null, perCustomer30d: null, perPerson30d: null, maxBills: null };
const money = (perAct: bigint, perCustomer: bigint | null, perPerson: bigint | null): Limit => ({
  perAct: perAct * 100n,
  perCustomer30d: perCustomer === null ? null : perCustomer * 100n,
  perPerson30d: perPerson === null ? null : perPerson * 100n,
  maxBills: null,
});
const discount = (percent: bigint, maxBills: number): Limit => ({
  ...ANY,
  perAct: percent * 100n,
  maxBills,
});
const days = (perAct: bigint, perCustomer30d: bigint): Limit => ({ ...ANY, perAct, perCustomer30d });
const everything: Limits = { credits: ANY, discount: ANY, trial: ANY, refund: ANY, credit_note: ANY };

/**
 * What a new organisation starts with (operator dashboard, section 3.5). Growth gives by deal only and engineers do not
 * give anything away, so neither has a row.
 */
export const DEFAULT_LIMITS: Record<Role, Limits> = {
  founder: everything,
  finance: everything,
  sales: {
    credits: money(500n, 2_000n, 10_000n),
    discount: discount(30n, 12),
    trial: days(30n, 90n),
  },
  support: {
    credits: money(500n, 1_000n, 5_000n),
    discount: discount(25n, 3),
    trial: days(30n, 60n),
    refund: money(200n, null, null),
    credit_note: money(200n, null, null),
  },
  growth: {},
  engineer: {},
};

const ACT_WORDS: Record<LimitAct, string> = {
  credits: 'free credits',
  discount: 'discount',
  trial: 'longer trial',
  refund: 'refund',
  credit_note: 'credit note',
};

/** What one figure of a limit is called in a sentence, and how its number is said. */
export function limitWords(act: LimitAct, figure: keyof Limit): { what: string; say(value: bigint): string } {
  const span = {
    perAct: 'at a time',
    perCustomer30d: 'for one customer in 30 days',
    perPerson30d: 'for all customers in 30 days',
    maxBills: 'in bills',
  }[figure];
  const say = (value: bigint): string => {
    if (figure === 'maxBills') return value === 1n ? '1 bill' : `${value} bills`;
    if (act === 'trial') return value === 1n ? '1 day' : `${value} days`;
    if (act === 'discount') return `${Exact.ratio(value, 100n).toString()}%`;
    return formatMoney(value, LIMIT_CURRENCY);
  };
  return { what: `${ACT_WORDS[act]} ${span}`, say };
}

/** Writes the default limits of every role for a new organisation. `now` is epoch milliseconds. */
export async function writeDefaultLimits(tx: Tx, organizationId: string, now: number): Promise<void> {
  const rows = (Object.entries(DEFAULT_LIMITS) as [Role, Limits][]).flatMap(([role, limits]) =>
    (Object.entries(limits) as [LimitAct, Limit][]).map(([act, limit]) => ({
      organizationId,
      role,
      act,
      ...limit,
      updatedAt: new Date(now),
    })),
  );
  await tx.insert(roleLimits).values(rows).onConflictDoNothing();
}

/**
 * The limits somebody with these roles works under: the wider of each figure, and no limit wins. An act that none of the
 * roles has a row for is absent.
 */
export async function limitsFor(tx: Tx, organizationId: string, roles: readonly Role[]): Promise<Limits> {
  if (roles.length === 0) return {};
  const rows = await tx
    .select()
    .from(roleLimits)
    .where(and(eq(roleLimits.organizationId, organizationId), inArray(roleLimits.role, [...roles])));
  const limits: Limits = {};
  for (const { act, perAct, perCustomer30d, perPerson30d, maxBills } of rows) {
    const own: Limit = { perAct, perCustomer30d, perPerson30d, maxBills };
    const other = limits[act];
    limits[act] = other ? widerLimit(other, own) : own;
  }
  return limits;
}

/** The wider of two limits, figure by figure: two roles never take anything from each other. */
export function widerLimit(left: Limit, right: Limit): Limit {
  return {
    perAct: wider(left.perAct, right.perAct),
    perCustomer30d: wider(left.perCustomer30d, right.perCustomer30d),
    perPerson30d: wider(left.perPerson30d, right.perPerson30d),
    maxBills: wider(left.maxBills, right.maxBills),
  };
}

function wider<T extends bigint | number>(left: T | null, right: T | null): T | null {
  if (left === null || right === null) return null;
  return left > right ? left : right;
}

/** Every role's limits, for the table that shows them side by side. */
export async function readLimits(tx: Tx, organizationId: string): Promise<Record<Role, Limits>> {
  const limits: Record<Role, Limits> = {
    founder: {},
    finance: {},
    sales: {},
    support: {},
    growth: {},
    engineer: {},
  };
  const rows = await tx.select().from(roleLimits).where(eq(roleLimits.organizationId, organizationId));
  for (const { role, act, perAct, perCustomer30d, perPerson30d, maxBills } of rows) {
    limits[role][act] = { perAct, perCustomer30d, perPerson30d, maxBills };
  }
  return limits;
}
