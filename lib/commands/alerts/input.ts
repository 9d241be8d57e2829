import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import {
  type AlertType,
  alertThresholds,
  billableMetrics,
  SUBSCRIPTION_ALERT_TYPES,
  WALLET_ALERT_TYPES,
} from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { invalid, notFound } from '@/lib/schedule/errors';
import { decimal, oneOf, optionalFlag, optionalText, text } from '../core/fields.ts';
import type { Watched } from './find.ts';

export const thresholdInput = z.object({ code: optionalText(), value: decimal(), recurring: optionalFlag() });
export type ThresholdInput = z.infer<typeof thresholdInput>;

export const alertInput = z.object({
  alert_type: oneOf([...SUBSCRIPTION_ALERT_TYPES, ...WALLET_ALERT_TYPES]),
  code: text(),
  name: optionalText(),
  billable_metric_code: optionalText(),
  thresholds: z.array(thresholdInput, { error: 'value_is_mandatory' }),
});
export type AlertInput = z.infer<typeof alertInput>;

export const watchedInput = z.union([
  z.object({ externalSubscriptionId: text() }),
  z.object({ walletId: z.uuid() }),
]);

const MOST_THRESHOLDS = 20;
const OF_METRIC = new Set<AlertType>([
  'billable_metric_current_usage_amount',
  'billable_metric_current_usage_units',
  'billable_metric_lifetime_usage_units',
]);

/** Throws invalid with the contract's codes (API contract 4.1). */
export function checkThresholds(thresholds: ThresholdInput[]): void {
  const refuse = (code: string, message: string): never => invalid({ thresholds: [code] }, message);
  if (thresholds.length === 0) refuse('value_is_mandatory', 'Give at least one threshold.');
  if (thresholds.length > MOST_THRESHOLDS) {
    refuse('too_many_thresholds', `An alert holds at most ${MOST_THRESHOLDS} thresholds.`);
  }
  const fixed = thresholds.filter(({ recurring }) => !recurring);
  if (thresholds.length - fixed.length > 1) {
    refuse('multiple_recurring_thresholds', 'Only one threshold can repeat.');
  }
  if (new Set(fixed.map(({ value }) => Exact.of(value).toString())).size < fixed.length) {
    refuse('duplicate_threshold_values', 'Two thresholds have the same value.');
  }
}

/** Whether the type fits what is watched and the metric it asks for. Throws invalid and not_found. */
export async function metricOf(
  tx: Tx,
  organizationId: string,
  watched: Watched,
  { alert_type: type, billable_metric_code: code }: Pick<AlertInput, 'alert_type' | 'billable_metric_code'>,
): Promise<string | null> {
  const ofWallet = (WALLET_ALERT_TYPES as readonly string[]).includes(type);
  if (ofWallet !== 'walletId' in watched) invalid({ alert_type: ['invalid_type'] });
  if (!OF_METRIC.has(type)) return null;
  if (!code) return invalid({ billable_metric: ['value_is_mandatory'] });
  const [metric] = await tx
    .select({ id: billableMetrics.id })
    .from(billableMetrics)
    .where(
      and(
        eq(billableMetrics.organizationId, organizationId),
        eq(billableMetrics.code, code),
        isNull(billableMetrics.deletedAt),
      ),
    );
  return metric?.id ?? notFound('billable_metric');
}

/** Makes an alert's thresholds those given. */
export async function writeThresholds(
  tx: Tx,
  organizationId: string,
  now: number,
  alertId: string,
  thresholds: ThresholdInput[],
): Promise<void> {
  await tx
    .delete(alertThresholds)
    .where(and(eq(alertThresholds.organizationId, organizationId), eq(alertThresholds.alertId, alertId)));
  await tx.insert(alertThresholds).values(
    thresholds.map(({ code, value, recurring }) => ({
      organizationId,
      id: newId(),
      alertId,
      code: code ?? null,
      value,
      recurring: recurring ?? false,
      createdAt: new Date(now),
    })),
  );
}
