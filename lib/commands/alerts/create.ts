import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { newId } from '@/db/ids';
import { usageAlerts, wallets } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { invalid, notFound } from '@/lib/schedule/errors';
import { recheckUsage } from '@/lib/usage/checks';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { orTaken } from '../core/taken.ts';
import { type AlertRow, type Watched, watchedBy } from './find.ts';
import {
  type AlertInput,
  alertInput,
  checkThresholds,
  metricOf,
  watchedInput,
  writeThresholds,
} from './input.ts';
import { walletValue } from './values.ts';

const input = z.object({ watched: watchedInput, alerts: z.array(alertInput) });

/** Sets up one alert or several, all or none. Throws invalid (`no_alerts` and the codes of a threshold). */
export const createAlerts = defineCommand<z.infer<typeof input>, AlertRow[]>({
  name: 'alerts/create',
  input,
  right: 'usage.write',
  reason: 'none',
  undo: null,
  async run(ctx, { watched, alerts }) {
    if (alerts.length === 0) invalid({ alerts: ['no_alerts'] });
    const made: AlertRow[] = [];
    for (const alert of alerts) made.push(await createOne(ctx, watched, alert));
    return {
      result: made,
      title: made.length === 1 ? `Set up the alert "${made[0]!.code}"` : `Set up ${made.length} alerts`,
      subject: { type: 'alert', id: made.length === 1 ? made[0]!.id : null },
      after: made,
    };
  },
});

async function createOne(ctx: CommandContext, watched: Watched, alert: AlertInput): Promise<AlertRow> {
  const { tx, organizationId, now } = ctx;
  checkThresholds(alert.thresholds);
  const billableMetricId = await metricOf(tx, organizationId, watched, alert);
  await refuseTwin(ctx, watched, alert, billableMetricId);
  const at = new Date(now);
  const row = orTaken(
    await tx
      .insert(usageAlerts)
      .values({
        organizationId,
        id: newId(),
        ...watched,
        billableMetricId,
        alertType: alert.alert_type,
        direction: 'walletId' in watched ? 'decreasing' : 'increasing',
        code: alert.code,
        name: alert.name ?? null,
        previousValue: (await startingValue(ctx, watched, alert)).toString(),
        createdAt: at,
        updatedAt: at,
      })
      .onConflictDoNothing()
      .returning(),
  );
  await writeThresholds(tx, organizationId, now, row.id, alert.thresholds);
  if ('externalSubscriptionId' in watched) {
    await recheckUsage(tx, organizationId, now, watched);
  }
  return row;
}

/** One alert of a type (and metric) is enough for what it watches. */
async function refuseTwin(
  { tx, organizationId }: CommandContext,
  watched: Watched,
  { alert_type }: AlertInput,
  metricId: string | null,
): Promise<void> {
  const [twin] = await tx
    .select({ id: usageAlerts.id })
    .from(usageAlerts)
    .where(
      and(
        watchedBy(organizationId, watched),
        eq(usageAlerts.alertType, alert_type),
        metricId ? eq(usageAlerts.billableMetricId, metricId) : isNull(usageAlerts.billableMetricId),
      ),
    );
  if (twin) invalid({ base: ['alert_already_exists'] }, 'Such an alert is set up already.');
}

/** Credits are watched from what the wallet holds now; usage from nothing, so that what has passed is told at once. */
async function startingValue(
  { tx, organizationId }: CommandContext,
  watched: Watched,
  { alert_type }: AlertInput,
): Promise<Exact> {
  if (!('walletId' in watched)) return Exact.ZERO;
  const [wallet] = await tx
    .select()
    .from(wallets)
    .where(and(eq(wallets.organizationId, organizationId), eq(wallets.id, watched.walletId)));
  return wallet ? walletValue(wallet, alert_type) : notFound('wallet');
}
