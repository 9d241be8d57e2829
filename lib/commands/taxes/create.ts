import { z } from 'zod';
import { newId } from '@/db/ids';
import { taxes } from '@/db/schema';
import { flagDrafts } from '@/lib/invoicing/finalize';
import { defineCommand } from '../core/command.ts';
import { decimal, optionalFlag, optionalText, text } from '../core/fields.ts';
import { orTaken } from '../core/taken.ts';
import { applyToOrganization, type TaxRow } from './find.ts';

export const taxInput = z.object({
  name: text(),
  code: text(),
  /** Percent. */
  rate: decimal(),
  description: optionalText(),
  applied_to_organization: optionalFlag(),
});

/** Adds a tax. Applied to the organisation, it holds for whoever has no nearer tax (semantics 9.1). */
export const createTax = defineCommand<z.infer<typeof taxInput>, TaxRow>({
  name: 'taxes/create',
  input: taxInput,
  right: 'taxes.write',
  reason: 'none',
  undo: null,
  async run(ctx, input) {
    const { tx, organizationId, now } = ctx;
    const tax = orTaken(
      await tx
        .insert(taxes)
        .values({
          organizationId,
          id: newId(),
          code: input.code,
          name: input.name,
          rate: input.rate,
          description: input.description ?? null,
          createdAt: new Date(now),
        })
        .onConflictDoNothing()
        .returning(),
    );
    if (input.applied_to_organization) {
      await applyToOrganization(tx, organizationId, now, tax.id, true);
      await flagDrafts(ctx, 'all');
    }
    return {
      result: tax,
      title: `Add the tax "${tax.name}"`,
      subject: { type: 'tax', id: tax.id },
      after: tax,
    };
  },
});
