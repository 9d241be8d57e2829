import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { creditNotes } from '@/db/schema';
import { invalid } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command.ts';
import { identifier, oneOf } from '../core/fields.ts';
import { mapOf, metadataMap } from '../wallets/input.ts';
import { type CreditNoteRow, findCreditNote } from './find.ts';

const input = z.object({
  id: identifier(),
  refund_status: oneOf(['pending', 'succeeded', 'failed']).nullish(),
  metadata: metadataMap,
});

/** Says how the refund went, where it is made by hand, or changes the note's metadata. */
export const updateCreditNote = defineCommand<z.infer<typeof input>, CreditNoteRow>({
  name: 'credit-notes/update',
  input,
  right: 'credit_notes.issue',
  reason: 'none',
  undo: null,
  async run(ctx, given) {
    const { tx, organizationId, now } = ctx;
    const before = await findCreditNote(tx, organizationId, given.id);
    if (given.refund_status && !before.refundStatus) {
      invalid({ refund_status: ['value_is_invalid'] }, 'This credit note refunds nothing.');
    }
    const refunded = given.refund_status === 'succeeded' && before.refundStatus !== 'succeeded';
    const [after = before] = await tx
      .update(creditNotes)
      .set({
        refundStatus: given.refund_status ?? undefined,
        refundedAt: refunded ? new Date(now) : undefined,
        metadata: given.metadata === undefined ? undefined : { ...before.metadata, ...mapOf(given.metadata) },
        updatedAt: new Date(now),
      })
      .where(and(eq(creditNotes.organizationId, organizationId), eq(creditNotes.id, before.id)))
      .returning();
    return {
      result: after,
      title: given.refund_status
        ? `Mark the refund of ${before.number} as ${given.refund_status}`
        : `Change the notes of ${before.number}`,
      subject: { type: 'credit_note', id: before.id },
      customerId: before.customerId,
      before,
      after,
    };
  },
});
