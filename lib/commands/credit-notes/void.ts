import { z } from 'zod';
import { formatMoney } from '@/lib/billing/money/format';
import { type CreditNoteRow, voidCreditNote } from '@/lib/invoicing/credit-notes';
import { lockCustomer } from '@/lib/invoicing/customers';
import { defineCommand } from '../core/command.ts';
import { identifier } from '../core/fields.ts';
import { findCreditNote } from './find.ts';

const input = z.object({ id: identifier() });

/** Cancels what is left of a credit note. What it has paid stays paid. */
export const voidCreditNoteCommand = defineCommand<z.infer<typeof input>, CreditNoteRow>({
  name: 'credit-notes/void',
  input,
  right: 'credit_notes.issue',
  reason: 'optional',
  undo: 'fix_forward',
  async run(ctx, { id }) {
    const before = await findCreditNote(ctx.tx, ctx.organizationId, id);
    await lockCustomer(ctx, before.customerId);
    const after = await voidCreditNote(ctx, id);
    return {
      result: after,
      title: `Cancel ${formatMoney(before.balanceAmountMinor, before.currency)} of credit note ${before.number}`,
      subject: { type: 'credit_note', id },
      customerId: before.customerId,
      before,
      after,
    };
  },
});
