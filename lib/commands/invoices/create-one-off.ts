import { z } from 'zod';
import { Exact } from '@/lib/billing/money/exact';
import { formatMoney } from '@/lib/billing/money/format';
import { createOneOff } from '@/lib/invoicing/one-off';
import { type InvoiceRow, lockInvoice } from '@/lib/invoicing/payments';
import { invalid } from '@/lib/schedule/errors';
import { defineCommand } from '../core/command.ts';
import {
  codes,
  currency,
  optionalDecimal,
  optionalFlag,
  optionalMinorUnits,
  optionalText,
  text,
} from '../core/fields.ts';
import { findBillingEntity, findCustomer } from '../customers/find.ts';

const input = z.object({
  external_customer_id: text(),
  currency: currency().nullish(),
  billing_entity_code: optionalText(),
  purchase_order_number: optionalText(),
  skip_psp: optionalFlag(),
  fees: z
    .array(
      z.object({
        add_on_code: text(),
        unit_amount_cents: optionalMinorUnits(),
        units: optionalDecimal().refine((value) => !value || !Exact.of(value).isNegative(), {
          error: 'value_is_out_of_range',
        }),
        invoice_display_name: optionalText(),
        description: optionalText(),
        from_datetime: z.union([z.string(), z.int()]).nullish(),
        to_datetime: z.union([z.string(), z.int()]).nullish(),
        tax_codes: codes().nullish(),
      }),
      { error: 'must_be_an_array' },
    )
    .default([]),
});
type Line = z.infer<typeof input>['fees'][number];

/** Makes a bill by hand from add-ons (semantics 6.14). */
export const createOneOffInvoice = defineCommand<z.infer<typeof input>, InvoiceRow>({
  name: 'invoices/create-one-off',
  input: input as z.ZodType<z.infer<typeof input>>,
  right: 'invoices.issue',
  reason: 'optional',
  undo: 'fix_forward',
  async run(ctx, given) {
    const customer = await findCustomer(ctx.tx, ctx.organizationId, given.external_customer_id);
    const entityCode = given.billing_entity_code;
    const entity = entityCode ? await findBillingEntity(ctx.tx, ctx.organizationId, entityCode) : null;
    const { invoiceId } = await createOneOff(ctx, {
      customerId: customer.id,
      currency: given.currency,
      billingEntityId: entity?.id,
      purchaseOrderNumber: given.purchase_order_number,
      lines: given.fees.map((fee) => ({
        addOnCode: fee.add_on_code,
        units: fee.units,
        unitAmountMinor: fee.unit_amount_cents,
        displayName: fee.invoice_display_name,
        description: fee.description,
        ...boundaries(fee),
        taxCodes: fee.tax_codes,
      })),
    });
    const invoice = await lockInvoice(ctx, invoiceId);
    return {
      result: invoice,
      title: `Bill ${formatMoney(invoice.totalAmountMinor, invoice.currency)}`,
      subject: { type: 'invoice', id: invoice.id },
      customerId: customer.id,
      after: invoice,
    };
  },
});

/** Both ends or none, in order. Throws invalid `values_are_invalid`. */
function boundaries({ from_datetime: from, to_datetime: to }: Line): {
  from: number | null;
  to: number | null;
} {
  if (from == null && to == null) return { from: null, to: null };
  const [start, end] = [from, to].map((value) => (value == null ? Number.NaN : new Date(value).getTime()));
  if (start === undefined || end === undefined || !(start <= end)) {
    return invalid({ boundaries: ['values_are_invalid'] }, 'Give a start and an end, in this order.');
  }
  return { from: start, to: end };
}
