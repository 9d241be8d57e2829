import { z } from 'zod';
import { lockCustomer } from '@/lib/invoicing/customers';
import { type InvoiceRow, updateInvoice } from '@/lib/invoicing/payments';
import { cancelDue } from '@/lib/schedule/due';
import { notAllowed } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { defineCommand } from '../core/command.ts';
import { identifier } from '../core/fields.ts';
import { findInvoice, invoiceName } from './find.ts';

const input = z.object({ id: identifier() });

/** The bank decided for the customer: the invoice is no longer chased (semantics 12.8). */
export const loseDispute = defineCommand<z.infer<typeof input>, InvoiceRow>({
  name: 'invoices/lose-dispute',
  input,
  right: 'invoices.write',
  reason: 'optional',
  undo: null,
  async run(ctx, { id }) {
    const { tx, organizationId, now } = ctx;
    const found = await findInvoice(tx, organizationId, id);
    await lockCustomer(ctx, found.customerId);
    const before = await findInvoice(tx, organizationId, id);
    if (before.status !== 'finalized' && before.status !== 'voided') {
      notAllowed('not_disputable', 'Only a finished invoice can be disputed.');
    }
    const after = before.paymentDisputeLostAt
      ? before
      : await updateInvoice(ctx, id, { paymentDisputeLostAt: new Date(now), paymentOverdue: false });
    if (!before.paymentDisputeLostAt) {
      await cancelDue(tx, organizationId, now, 'invoice.overdue', id);
      await announce(tx, organizationId, now, { type: 'invoice.payment_dispute_lost', objectId: id });
    }
    return {
      result: after,
      title: `Record the lost dispute over ${invoiceName(before)}`,
      subject: { type: 'invoice', id },
      customerId: before.customerId,
      before: { paymentDisputeLostAt: before.paymentDisputeLostAt },
      after: { paymentDisputeLostAt: after.paymentDisputeLostAt },
    };
  },
});
