import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { fees } from '@/db/schema';
import type { NoteItem } from '@/lib/billing/credit-note/note';
import { Exact } from '@/lib/billing/money/exact';
import { invalid, notFound } from '@/lib/schedule/errors';
import type { CommandContext } from '../core/command.ts';
import { identifier, minorUnits } from '../core/fields.ts';

/** What is given back: a line and how much of it, before tax. */
export const noteItems = z.array(
  z.object({
    fee_id: identifier(),
    amount_cents: minorUnits('value_is_mandatory', 'invalid_value').nullish(),
  }),
  { error: 'must_be_an_array' },
);

/** Items as the engine takes them. Throws not_found for a line that is not on the invoice. */
export async function itemsOf(
  { tx, organizationId }: Pick<CommandContext, 'tx' | 'organizationId'>,
  invoiceId: string,
  given: z.infer<typeof noteItems>,
): Promise<NoteItem[]> {
  if (given.length === 0) invalid({ base: ['total_amount_must_be_positive'] }, 'Choose what to give back.');
  const rows = await tx
    .select({ id: fees.id })
    .from(fees)
    .where(
      and(eq(fees.organizationId, organizationId), eq(fees.invoiceId, invoiceId), isNull(fees.deletedAt)),
    );
  const known = new Set(rows.map((row) => row.id));
  if (given.some((item) => !known.has(item.fee_id))) notFound('fee');
  return given.map((item) => ({
    feeId: item.fee_id,
    preciseAmountMinor: Exact.of(item.amount_cents ?? 0n),
  }));
}
