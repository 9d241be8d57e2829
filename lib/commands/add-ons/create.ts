import { z } from 'zod';
import { newId } from '@/db/ids';
import { addOns } from '@/db/schema';
import { defineCommand } from '../core/command.ts';
import { codes, currency, minorUnits, optionalText, text } from '../core/fields.ts';
import { orTaken } from '../core/taken.ts';
import { assignTaxes } from '../taxes/assign.ts';
import type { AddOnRow } from './find.ts';

export const addOnInput = z.object({
  name: text(),
  code: text(),
  amount_cents: minorUnits(),
  amount_currency: currency(),
  invoice_display_name: optionalText(),
  description: optionalText(),
  tax_codes: codes().nullish(),
});

/** Adds something that is billed once, or on a fixed number of units. */
export const createAddOn = defineCommand<z.infer<typeof addOnInput>, AddOnRow>({
  name: 'add-ons/create',
  input: addOnInput,
  right: 'catalog.write',
  reason: 'none',
  undo: null,
  async run(ctx, input) {
    const { tx, organizationId, now } = ctx;
    const addOn = orTaken(
      await tx
        .insert(addOns)
        .values({
          organizationId,
          id: newId(),
          code: input.code,
          name: input.name,
          invoiceDisplayName: input.invoice_display_name ?? null,
          description: input.description ?? null,
          amountMinor: input.amount_cents,
          currency: input.amount_currency,
          createdAt: new Date(now),
        })
        .onConflictDoNothing()
        .returning(),
    );
    if (input.tax_codes) {
      await assignTaxes(ctx, [{ ownerType: 'add_on', ownerId: addOn.id, taxCodes: input.tax_codes }]);
    }
    return {
      result: addOn,
      title: `Add the add-on "${addOn.name}"`,
      subject: { type: 'add_on', id: addOn.id },
      after: addOn,
    };
  },
});
