import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { addOns, fixedCharges } from '@/db/schema';
import { flagDrafts } from '@/lib/invoicing/finalize';
import { defineCommand } from '../core/command.ts';
import { text } from '../core/fields.ts';
import { type AddOnRow, findAddOn } from './find.ts';

const input = z.object({ code: text() });

/** Removes an add-on with the fixed charges made from it. Issued bills keep it. */
export const deleteAddOn = defineCommand<z.infer<typeof input>, AddOnRow>({
  name: 'add-ons/delete',
  input,
  right: 'catalog.write',
  reason: 'none',
  undo: null,
  async run(ctx, { code }) {
    const { tx, organizationId, now } = ctx;
    const addOn = await findAddOn(tx, organizationId, code);
    const deletedAt = new Date(now);
    await tx
      .update(fixedCharges)
      .set({ deletedAt })
      .where(
        and(
          eq(fixedCharges.organizationId, organizationId),
          eq(fixedCharges.addOnId, addOn.id),
          isNull(fixedCharges.deletedAt),
        ),
      );
    await tx
      .update(addOns)
      .set({ deletedAt })
      .where(and(eq(addOns.organizationId, organizationId), eq(addOns.id, addOn.id)));
    await flagDrafts(ctx, 'all');
    return {
      result: addOn,
      title: `Remove the add-on "${addOn.name}"`,
      subject: { type: 'add_on', id: addOn.id },
      before: addOn,
    };
  },
});
