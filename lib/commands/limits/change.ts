import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { ROLES, roleLimits } from '@/db/schema';
import { LIMIT_ACTS, limitWords } from '@/lib/auth/limits';
import { ROLE_NAMES } from '@/lib/auth/rights';
import { conflict, invalid } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command';

/** A whole number as text, or null for "no limit". */
const figureValue = z
  .string()
  .regex(/^\d{1,15}$/, 'Write a whole number.')
  .nullable();

const input = z.strictObject({
  role: z.enum(ROLES),
  act: z.enum(LIMIT_ACTS),
  figure: z.enum(['perAct', 'perCustomer30d', 'perPerson30d', 'maxBills']),
  value: figureValue,
  /** What the person saw; another figure by now changes nothing. */
  was: figureValue,
});

const MOST_PERCENT = 10_000n;
const MOST_BILLS = 1_200n;

/**
 * Changes one limit of one role, at once and for all who have it. A founder's own stay open: somebody has to be able to
 * decide. Throws invalid, or conflict when somebody else has changed it since. On screen: "Change to $750.00".
 */
export const changeLimit = defineCommand({
  name: 'limits/change',
  input,
  right: 'settings.team',
  reason: 'none',
  undo: 'reversible',
  async run({ tx, organizationId, now }, { role, act, figure, value, was }) {
    if (role === 'founder') invalid({ role: ['value_is_invalid'] }, 'A founder’s limits stay open.');
    const next = value === null ? null : BigInt(value);
    if (next !== null && act === 'discount' && figure === 'perAct' && next > MOST_PERCENT) {
      invalid({ value: ['value_is_out_of_range'] }, 'A discount is 100% at most.');
    }
    if (next !== null && figure === 'maxBills' && (next === 0n || next > MOST_BILLS)) {
      invalid({ value: ['value_is_out_of_range'] }, 'Write from 1 to 1,200 bills, or choose no limit.');
    }
    const own = and(
      eq(roleLimits.organizationId, organizationId),
      eq(roleLimits.role, role),
      eq(roleLimits.act, act),
    );
    const [row] = await tx.select().from(roleLimits).where(own).for('update');
    if (!row) {
      return invalid({ role: ['value_is_invalid'] }, `${ROLE_NAMES[role]} does not give this at all.`);
    }
    const present = row[figure] === null ? null : String(row[figure]);
    if (present !== was) {
      return conflict('changed', 'Somebody has changed this limit since you looked. Load the page again.');
    }
    const stored =
      figure === 'maxBills' ? { maxBills: next === null ? null : Number(next) } : { [figure]: next };
    await tx
      .update(roleLimits)
      .set({ ...stored, updatedAt: new Date(now) })
      .where(own);
    const words = limitWords(act, figure);
    return {
      result: { role, act, figure, value },
      title: `Change ${ROLE_NAMES[role]}: ${words.what} to ${next === null ? 'no limit' : words.say(next)}`,
      subject: { type: 'role_limit', id: null },
      moves: [
        {
          what: `${ROLE_NAMES[role]}: ${words.what}`,
          from: present === null ? 'no limit' : words.say(BigInt(present)),
          to: next === null ? 'no limit' : words.say(next),
        },
      ],
      before: { role, act, [figure]: present },
      after: { role, act, [figure]: value },
      inverse: { command: 'limits/change', input: { role, act, figure, value: was, was: value } },
    };
  },
});
