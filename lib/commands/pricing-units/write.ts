import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { pricingUnits } from '@/db/schema';
import { notFound } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command.ts';
import { optionalText, text } from '../core/fields.ts';
import { orTaken } from '../core/taken.ts';

export type PricingUnitRow = typeof pricingUnits.$inferSelect;

const pricingUnitInput = z.object({
  code: text(),
  name: text(),
  /** At most three characters on bills: "CR". */
  short_name: text().refine((value) => value.length <= 3, { error: 'value_is_too_long' }),
  description: optionalText(),
  /** Decimals of one unit. */
  exponent: z
    .int({ error: 'value_is_invalid' })
    .min(0, { error: 'value_is_out_of_range' })
    .max(15, { error: 'value_is_out_of_range' })
    .nullish(),
});

/** Throws not_found. */
export async function findPricingUnit(tx: Tx, organizationId: string, code: string): Promise<PricingUnitRow> {
  const [row] = await tx
    .select()
    .from(pricingUnits)
    .where(and(eq(pricingUnits.organizationId, organizationId), eq(pricingUnits.code, code)));
  return row ?? notFound('pricing_unit');
}

/** Adds a unit that charges may be priced in (semantics 1.3). */
export const createPricingUnit = defineCommand<z.infer<typeof pricingUnitInput>, PricingUnitRow>({
  name: 'pricing-units/create',
  input: pricingUnitInput,
  right: 'catalog.write',
  reason: 'none',
  undo: null,
  async run({ tx, organizationId, now }, input) {
    const unit = orTaken(
      await tx
        .insert(pricingUnits)
        .values({
          organizationId,
          id: newId(),
          code: input.code,
          name: input.name,
          shortName: input.short_name,
          description: input.description ?? null,
          exponent: input.exponent ?? 2,
          createdAt: new Date(now),
          updatedAt: new Date(now),
        })
        .onConflictDoNothing()
        .returning(),
    );
    return {
      result: unit,
      title: `Add the pricing unit "${unit.name}"`,
      subject: { type: 'pricing_unit', id: unit.id },
      after: unit,
    };
  },
});

const changes = z.object({
  code: text(),
  changes: pricingUnitInput.pick({ name: true, short_name: true, description: true }).partial(),
});

/** Renames a pricing unit. Its code and decimals stay: bills were made with them. */
export const updatePricingUnit = defineCommand<z.infer<typeof changes>, PricingUnitRow>({
  name: 'pricing-units/update',
  input: changes,
  right: 'catalog.write',
  reason: 'none',
  undo: null,
  async run({ tx, organizationId, now }, input) {
    const before = await findPricingUnit(tx, organizationId, input.code);
    const [unit = before] = await tx
      .update(pricingUnits)
      .set({
        name: input.changes.name ?? before.name,
        shortName: input.changes.short_name ?? before.shortName,
        description: input.changes.description === undefined ? before.description : input.changes.description,
        updatedAt: new Date(now),
      })
      .where(and(eq(pricingUnits.organizationId, organizationId), eq(pricingUnits.id, before.id)))
      .returning();
    return {
      result: unit,
      title: `Change the pricing unit "${unit.name}"`,
      subject: { type: 'pricing_unit', id: unit.id },
      before,
      after: unit,
    };
  },
});
