import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { taxes } from '@/db/schema';
import { flagDrafts } from '@/lib/invoicing/finalize';
import { invalid } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command.ts';
import { text } from '../core/fields.ts';
import { taxInput } from './create.ts';
import { applyToOrganization, findTax, type TaxRow } from './find.ts';

const input = z.object({ code: text(), changes: taxInput.partial() });

/** Changes a tax from now on. Issued bills keep the rate they were issued with; drafts are worked out again. */
export const updateTax = defineCommand<z.infer<typeof input>, TaxRow>({
  name: 'taxes/update',
  input,
  right: 'taxes.write',
  reason: 'none',
  undo: null,
  async run(ctx, { code, changes }) {
    const { tx, organizationId, now } = ctx;
    const before = await findTax(tx, organizationId, code);
    if (changes.code && changes.code !== before.code) {
      const [other] = await tx
        .select({ id: taxes.id })
        .from(taxes)
        .where(
          and(
            eq(taxes.organizationId, organizationId),
            eq(taxes.code, changes.code),
            isNull(taxes.deletedAt),
          ),
        );
      if (other) invalid({ code: ['value_already_exist'] });
    }
    const [after] = await tx
      .update(taxes)
      .set({
        code: changes.code ?? before.code,
        name: changes.name ?? before.name,
        rate: changes.rate ?? before.rate,
        description: changes.description === undefined ? before.description : changes.description,
      })
      .where(and(eq(taxes.organizationId, organizationId), eq(taxes.id, before.id)))
      .returning();
    const applied = changes.applied_to_organization;
    if (typeof applied === 'boolean') {
      await applyToOrganization(tx, organizationId, now, before.id, applied);
    }
    await flagDrafts(ctx, 'all');
    return {
      result: after ?? before,
      title: `Change the tax "${before.name}"`,
      subject: { type: 'tax', id: before.id },
      before,
      after,
    };
  },
});
