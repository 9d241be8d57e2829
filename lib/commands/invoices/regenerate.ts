import { z } from 'zod';
import { Exact } from '@/lib/billing/money/exact';
import { formatMoney } from '@/lib/billing/money/format';
import { lockCustomer } from '@/lib/invoicing/customers';
import { type InvoiceRow, lockInvoice } from '@/lib/invoicing/payments';
import { regenerate } from '@/lib/invoicing/regenerate';
import { invalid, notAllowed } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command.ts';
import { identifier, optionalDecimal, optionalText } from '../core/fields.ts';
import { takeBackHeld } from '../subscriptions/take-back.ts';
import { findInvoice, invoiceName } from './find.ts';

const input = z.object({
  id: identifier(),
  /** The lines to bill again; all of them, as they were, when absent. */
  fees: z
    .array(
      z.object({
        fee_id: identifier(),
        units: optionalDecimal(),
        unit_precise_amount: optionalDecimal(),
        invoice_display_name: optionalText(255),
      }),
      { error: 'must_be_an_array' },
    )
    .nullish(),
});
type Input = z.infer<typeof input>;

/**
 * Bills a voided invoice again, whole or with chosen and changed lines (semantics 12.6). Throws not_found, invalid and
 * not_allowed (`not_voided`, `already_regenerated`, `not_regenerable`).
 */
export const regenerateInvoice = defineCommand<Input, InvoiceRow>({
  name: 'invoices/regenerate',
  input,
  right: 'invoices.issue',
  reason: 'required',
  undo: 'held',
  invoiceOf: ({ id }) => id,
  async run(ctx, given) {
    const voided = await findInvoice(ctx.tx, ctx.organizationId, given.id);
    await lockCustomer(ctx, voided.customerId);
    if (voided.status !== 'voided') notAllowed('not_voided', 'Cancel the invoice before it is billed again.');
    const chosen = given.fees?.map((line) => {
      for (const name of ['units', 'unit_precise_amount'] as const) {
        const value = line[name];
        if (value != null && Exact.of(value).isNegative())
          invalid({ [name]: ['value_is_out_of_range'] }, 'Lines are never negative.');
      }
      return {
        feeId: line.fee_id,
        units: line.units ?? null,
        unitPreciseAmount: line.unit_precise_amount ?? null,
        displayName: line.invoice_display_name ?? null,
      };
    });
    const { invoiceId } = await regenerate(ctx, voided, chosen ?? null);
    const after = await lockInvoice(ctx, invoiceId);
    const held = after.status === 'draft' && after.releaseAt !== null;
    return {
      undo: held ? 'held' : 'fix_forward',
      undoUntil: after.releaseAt?.getTime(),
      inverse: held ? { command: 'invoices/undo-regenerate', input: { invoiceId } } : undefined,
      result: after,
      title: `Bill ${invoiceName(voided)} again: ${formatMoney(after.totalAmountMinor, after.currency)}`,
      subject: { type: 'invoice', id: after.id },
      customerId: voided.customerId,
      before: { invoiceId: voided.id, totalAmountMinor: voided.totalAmountMinor },
      after: { invoiceId: after.id, totalAmountMinor: after.totalAmountMinor },
    };
  },
});

const undoInput = z.strictObject({ invoiceId: z.uuid() });

/** Takes a bill made again back before it leaves; the cancelled one can be billed again later. */
export const undoRegenerate = defineCommand<z.infer<typeof undoInput>, { invoiceId: string }>({
  name: 'invoices/undo-regenerate',
  input: undoInput,
  right: 'invoices.issue',
  reason: 'optional',
  undo: null,
  async run(ctx, { invoiceId }) {
    const { customerId, voidedInvoiceId } = await findInvoice(ctx.tx, ctx.organizationId, invoiceId);
    await lockCustomer(ctx, customerId);
    await takeBackHeld(ctx, invoiceId, 'The new invoice has left. Cancel it instead.');
    return {
      result: { invoiceId },
      title: 'Take back billing it again',
      subject: { type: 'invoice', id: voidedInvoiceId },
      customerId,
      before: { invoiceId },
      after: { invoiceId: null },
    };
  },
});
