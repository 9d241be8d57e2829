import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { taxAssignments, taxes } from '@/db/schema';
import { flagDrafts } from '@/lib/invoicing/finalize';
import { defineCommand } from '../core/command.ts';
import { text } from '../core/fields.ts';
import { findTax, type TaxRow } from './find.ts';

const input = z.object({ code: text() });

/** Removes a tax from the catalogue and from everything that bore it. Issued bills keep it. */
export const deleteTax = defineCommand<z.infer<typeof input>, TaxRow>({
  name: 'taxes/delete',
  input,
  right: 'taxes.write',
  reason: 'none',
  undo: null,
  async run(ctx, { code }) {
    const { tx, organizationId, now } = ctx;
    const tax = await findTax(tx, organizationId, code);
    await tx
      .delete(taxAssignments)
      .where(and(eq(taxAssignments.organizationId, organizationId), eq(taxAssignments.taxId, tax.id)));
    await tx
      .update(taxes)
      .set({ deletedAt: new Date(now) })
      .where(and(eq(taxes.organizationId, organizationId), eq(taxes.id, tax.id)));
    await flagDrafts(ctx, 'all');
    return {
      result: tax,
      title: `Remove the tax "${tax.name}"`,
      subject: { type: 'tax', id: tax.id },
      before: tax,
    };
  },
});
