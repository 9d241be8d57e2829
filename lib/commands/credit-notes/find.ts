import { and, eq } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { creditNotes } from '@/db/schema';
import type { CreditNoteRow } from '@/lib/invoicing/credit-notes';
import { notFound } from '@/lib/schedule/errors';
import { isUuid } from '../core/fields.ts';

export type { CreditNoteRow };

/** A finished credit note. Throws not_found. */
export async function findCreditNote(tx: Tx, organizationId: string, id: string): Promise<CreditNoteRow> {
  if (!isUuid(id)) return notFound('credit_note');
  const [row] = await tx
    .select()
    .from(creditNotes)
    .where(
      and(
        eq(creditNotes.organizationId, organizationId),
        eq(creditNotes.id, id),
        eq(creditNotes.status, 'finalized'),
      ),
    );
  return row ?? notFound('credit_note');
}
