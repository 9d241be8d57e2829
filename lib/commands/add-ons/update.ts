import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { addOns } from '@/db/schema';
import { flagDrafts } from '@/lib/invoicing/finalize';
import { invalid } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command.ts';
import { text } from '../core/fields.ts';
import { assignTaxes } from '../taxes/assign.ts';
import { addOnInput } from './create.ts';
import { type AddOnRow, findAddOn } from './find.ts';

const input = z.object({ code: text(), changes: addOnInput.partial() });

/** Changes an add-on for what is billed from now on. */
export const updateAddOn = defineCommand<z.infer<typeof input>, AddOnRow>({
  name: 'add-ons/update',
  input,
  right: 'catalog.write',
  reason: 'none',
  undo: null,
  async run(ctx, { code, changes }) {
    const { tx, organizationId } = ctx;
    const before = await findAddOn(tx, organizationId, code);
    if (changes.code && changes.code !== before.code) {
      const [other] = await tx
        .select({ id: addOns.id })
        .from(addOns)
        .where(
          and(
            eq(addOns.organizationId, organizationId),
            eq(addOns.code, changes.code),
            isNull(addOns.deletedAt),
          ),
        );
      if (other) invalid({ code: ['value_already_exist'] });
    }
    const [after] = await tx
      .update(addOns)
      .set({
        code: changes.code ?? before.code,
        name: changes.name ?? before.name,
        invoiceDisplayName:
          changes.invoice_display_name === undefined
            ? before.invoiceDisplayName
            : changes.invoice_display_name,
        description: changes.description === undefined ? before.description : changes.description,
        amountMinor: changes.amount_cents ?? before.amountMinor,
        currency: changes.amount_currency ?? before.currency,
      })
      .where(and(eq(addOns.organizationId, organizationId), eq(addOns.id, before.id)))
      .returning();
    if (changes.tax_codes) {
      await assignTaxes(ctx, [{ ownerType: 'add_on', ownerId: before.id, taxCodes: changes.tax_codes }]);
      await flagDrafts(ctx, 'all');
    }
    return {
      result: after ?? before,
      title: `Change the add-on "${before.name}"`,
      subject: { type: 'add_on', id: before.id },
      before,
      after,
    };
  },
});
