import { and, eq, inArray, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { billableMetrics, FEE_TYPES } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { invalid } from '@/lib/schedule/errors';
import type { CommandContext } from '../core/command.ts';
import {
  codes,
  currency,
  decimal,
  decimalText,
  identifier,
  instant,
  optionalDecimal,
  optionalFlag,
  optionalMinorUnits,
  optionalText,
  text,
} from '../core/fields.ts';

/** An amount of credits: decimal text, not negative. Refused with Lago's codes; zero counts as not asked for. */
export function creditAmount(field: 'paid_credits' | 'granted_credits' | 'voided_credits') {
  return z
    .unknown()
    .transform((value, ctx): string | null => {
      if (value === undefined || value === null || value === '') return null;
      const plain = decimalText(value);
      if (plain !== null && !Exact.of(plain).isNegative()) return Exact.of(plain).isZero() ? null : plain;
      const codes =
        field === 'voided_credits' ? [`invalid_${field}`] : [`invalid_${field}`, 'invalid_amount'];
      for (const code of codes) {
        ctx.issues.push({ code: 'custom', input: value, message: code });
      }
      return z.NEVER;
    })
    .optional();
}

export const priority = z
  .preprocess(
    (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),
    z
      .int({ error: 'value_is_invalid' })
      .min(1, { error: 'value_is_invalid' })
      .max(50, { error: 'value_is_invalid' }),
  )
  .nullish();

export const pairs = z.array(z.object({ key: text(), value: optionalText() })).nullish();

/** A map of short notes, kept as text. */
export const metadataMap = z.record(z.string(), optionalText(), { error: 'invalid_type' }).nullish();

const RULE = { error: 'invalid_recurring_rule' } as const;

const ruleInput = z.object({
  lago_id: identifier().nullish(),
  trigger: z.enum(['interval', 'threshold'], RULE),
  method: z.enum(['fixed', 'target'], RULE).nullish(),
  interval: z.enum(['weekly', 'monthly', 'quarterly', 'semiannual', 'yearly'], RULE).nullish(),
  threshold_credits: optionalDecimal('invalid_recurring_rule'),
  paid_credits: optionalDecimal('invalid_recurring_rule'),
  granted_credits: optionalDecimal('invalid_recurring_rule'),
  target_ongoing_balance: optionalDecimal('invalid_recurring_rule'),
  grants_target_top_up: optionalFlag(),
  started_at: instant('invalid_recurring_rule').nullish(),
  expiration_at: instant('invalid_recurring_rule').nullish(),
  invoice_requires_successful_payment: optionalFlag(),
  ignore_paid_top_up_limits: optionalFlag(),
  transaction_name: optionalText(),
  transaction_metadata: pairs,
  purchase_order_number: optionalText(),
});
export type RuleInput = z.infer<typeof ruleInput>;

/** Whatever is wrong with a rule is told of the rules as a whole. */
const rulesInput = z
  .unknown()
  .transform((given, ctx): RuleInput[] | null => {
    const parsed = z.array(ruleInput).nullable().safeParse(given);
    if (parsed.success) return parsed.data;
    ctx.issues.push({ code: 'custom', input: given, message: RULE.error });
    return z.NEVER;
  })
  .optional();

/** What may be set at creation and changed later. */
export const walletChanges = z.object({
  name: optionalText(),
  code: optionalText(),
  priority,
  expiration_at: instant().nullish(),
  invoice_requires_successful_payment: optionalFlag(),
  paid_top_up_min_amount_cents: optionalMinorUnits(),
  paid_top_up_max_amount_cents: optionalMinorUnits(),
  purchase_order_number: optionalText(),
  billing_entity_code: identifier().nullish(),
  metadata: metadataMap,
  applies_to: z.object({ fee_types: codes().nullish(), billable_metric_codes: codes().nullish() }).nullish(),
  recurring_transaction_rules: rulesInput,
});
export type WalletChanges = z.infer<typeof walletChanges>;

export const walletInput = walletChanges.extend({
  external_customer_id: optionalText(),
  rate_amount: decimal(),
  currency: currency(),
  paid_credits: creditAmount('paid_credits'),
  granted_credits: creditAmount('granted_credits'),
  ignore_paid_top_up_limits_on_creation: optionalFlag(),
  transaction_name: optionalText(255),
  transaction_priority: priority,
  transaction_metadata: pairs,
});
export type WalletInput = z.infer<typeof walletInput>;

/** What a wallet may pay; fee types of Lago's list, metrics by code. Throws invalid `invalid_limitations`. */
export async function findLimitations(
  { tx, organizationId }: CommandContext,
  appliesTo: WalletChanges['applies_to'],
): Promise<{ allowedFeeTypes: string[]; allowedMetricIds: string[] }> {
  const allowedFeeTypes = [...new Set(appliesTo?.fee_types ?? [])];
  const metricCodes = [...new Set(appliesTo?.billable_metric_codes ?? [])];
  const known: readonly string[] = FEE_TYPES;
  const rows =
    metricCodes.length === 0
      ? []
      : await tx
          .select({ id: billableMetrics.id })
          .from(billableMetrics)
          .where(
            and(
              eq(billableMetrics.organizationId, organizationId),
              inArray(billableMetrics.code, metricCodes),
              isNull(billableMetrics.deletedAt),
            ),
          );
  if (allowedFeeTypes.some((type) => !known.includes(type)) || rows.length < metricCodes.length) {
    invalid({ applies_to: ['invalid_limitations'] }, 'Name kinds of lines and meters that exist.');
  }
  return { allowedFeeTypes, allowedMetricIds: rows.map((row) => row.id) };
}

export function checkedWalletExpiry(expirationAt: number | null | undefined, now: number): Date | null {
  if (expirationAt == null) return null;
  if (expirationAt <= now) invalid({ expiration_at: ['invalid_date'] }, 'Choose an end that lies ahead.');
  return new Date(expirationAt);
}

export const pairsOf = (given: z.infer<typeof pairs>): { key: string; value: string }[] =>
  (given ?? []).map(({ key, value }) => ({ key, value: value ?? '' }));

export const mapOf = (given: z.infer<typeof metadataMap>): Record<string, string | null> =>
  Object.fromEntries(Object.entries(given ?? {}).map(([key, value]) => [key, value ?? null]));
