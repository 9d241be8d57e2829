import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { usageAlerts } from '@/db/schema';
import { notFound } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command.ts';
import { optionalText } from '../core/fields.ts';
import { type AlertRow, watchedBy } from './find.ts';
import { watchedInput } from './input.ts';

const input = z.object({
  watched: watchedInput,
  /** All of them when absent. */
  code: optionalText(),
});

/** Takes an alert away, or all that watch the same thing. Throws not_found for a code that is not there. */
export const deleteAlerts = defineCommand<z.infer<typeof input>, AlertRow[]>({
  name: 'alerts/delete',
  input,
  right: 'usage.write',
  reason: 'none',
  undo: null,
  async run({ tx, organizationId, now }, { watched, code }) {
    const gone = await tx
      .update(usageAlerts)
      .set({ deletedAt: new Date(now) })
      .where(and(watchedBy(organizationId, watched), ...(code ? [eq(usageAlerts.code, code)] : [])))
      .returning();
    if (code && gone.length === 0) notFound('alert');
    return {
      result: gone,
      title: code ? `Remove the alert "${code}"` : `Remove ${gone.length} alerts`,
      subject: { type: 'alert', id: gone.length === 1 ? gone[0]!.id : null },
      before: gone,
    };
  },
});
