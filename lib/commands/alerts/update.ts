import { and, eq, ne } from 'drizzle-orm';
import { z } from 'zod';
import { usageAlerts } from '@/db/schema';
import { invalid } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command.ts';
import { optionalText, text } from '../core/fields.ts';
import { type AlertRow, findAlert, watchedBy } from './find.ts';
import {
  alertInput,
  checkThresholds,
  metricOf,
  thresholdInput,
  watchedInput,
  writeThresholds,
} from './input.ts';

const input = z.object({
  watched: watchedInput,
  code: text(),
  changes: z.object({
    code: alertInput.shape.code.optional(),
    name: optionalText(),
    billable_metric_code: optionalText(),
    thresholds: z.array(thresholdInput).optional(),
  }),
});

/** Changes an alert; thresholds given replace those it had. Throws not_found and invalid. */
export const updateAlert = defineCommand<z.infer<typeof input>, AlertRow>({
  name: 'alerts/update',
  input,
  right: 'usage.write',
  reason: 'none',
  undo: null,
  async run(ctx, { watched, code, changes }) {
    const { tx, organizationId, now } = ctx;
    const before = await findAlert(tx, organizationId, watched, code);
    const newCode = changes.code ?? before.code;
    const [other] = await tx
      .select({ id: usageAlerts.id })
      .from(usageAlerts)
      .where(
        and(watchedBy(organizationId, watched), eq(usageAlerts.code, newCode), ne(usageAlerts.id, before.id)),
      );
    if (other) invalid({ code: ['value_already_exist'] }, `There is another alert "${newCode}".`);
    const [after] = await tx
      .update(usageAlerts)
      .set({
        code: newCode,
        name: changes.name === undefined ? before.name : changes.name,
        billableMetricId: changes.billable_metric_code
          ? await metricOf(tx, organizationId, watched, {
              alert_type: before.alertType,
              billable_metric_code: changes.billable_metric_code,
            })
          : before.billableMetricId,
        updatedAt: new Date(now),
      })
      .where(and(eq(usageAlerts.organizationId, organizationId), eq(usageAlerts.id, before.id)))
      .returning();
    if (changes.thresholds) {
      checkThresholds(changes.thresholds);
      await writeThresholds(tx, organizationId, now, before.id, changes.thresholds);
    }
    return {
      result: after ?? before,
      title: `Change the alert "${before.code}"`,
      subject: { type: 'alert', id: before.id },
      before,
      after,
    };
  },
});
