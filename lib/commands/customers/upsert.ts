import { and, eq } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { customers, invoices } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import { flagDrafts } from '@/lib/invoicing/finalize';
import { nextValue } from '@/lib/invoicing/number';
import { invalid } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { defineCommand } from '../core/command.ts';
import { assignTaxes } from '../taxes/assign.ts';
import { customerColumns } from './columns.ts';
import { type CustomerRow, findBillingEntity, lookUpCustomer } from './find.ts';
import { type CustomerInput, customerInput } from './input.ts';

export interface UpsertedCustomer {
  customer: CustomerRow;
  /** What there was before; null when the customer is new. */
  before: CustomerRow | null;
}

async function isBilled({ tx, organizationId }: BillingContext, customerId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: invoices.id })
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.customerId, customerId)))
    .limit(1);
  return rows.length > 0;
}

/** The row of a new customer; null when its id is in use. Throws not_found (billing_entity). */
export async function insertCustomer(ctx: BillingContext, input: CustomerInput): Promise<CustomerRow | null> {
  const { tx, organizationId, now } = ctx;
  const entity = await findBillingEntity(tx, organizationId, input.billing_entity_code);
  const sequentialId = await nextValue(ctx, 'customer');
  const [customer] = await tx
    .insert(customers)
    .values({
      ...customerColumns(input, now),
      organizationId,
      id: newId(),
      externalId: input.external_id,
      billingEntityId: entity.id,
      sequentialId,
      slug: `${entity.documentNumberPrefix}-${String(sequentialId).padStart(3, '0')}`,
      createdAt: new Date(now),
      updatedAt: new Date(now),
    })
    .onConflictDoNothing()
    .returning();
  return customer ?? null;
}

async function updateCustomer(
  ctx: BillingContext,
  before: CustomerRow,
  input: CustomerInput,
): Promise<CustomerRow> {
  const { tx, organizationId, now } = ctx;
  const columns = customerColumns(input, now, before);
  if (before.currency && columns.currency !== before.currency && (await isBilled(ctx, before.id))) {
    return invalid({ currency: ['currencies_does_not_match'] });
  }
  const billingEntityId = input.billing_entity_code
    ? (await findBillingEntity(tx, organizationId, input.billing_entity_code)).id
    : before.billingEntityId;
  const [customer] = await tx
    .update(customers)
    .set({ ...columns, billingEntityId, updatedAt: new Date(now) })
    .where(and(eq(customers.organizationId, organizationId), eq(customers.id, before.id)))
    .returning();
  return customer ?? before;
}

/**
 * Creates the customer, or changes the one with this external id: absent members keep their value, null clears. Throws
 * invalid (field codes) and not_found (billing_entity, tax).
 */
export async function upsertCustomerIn(ctx: BillingContext, input: CustomerInput): Promise<UpsertedCustomer> {
  const { tx, organizationId, now } = ctx;
  const before = (await lookUpCustomer(tx, organizationId, input.external_id)) ?? null;
  const inserted = before ? null : await insertCustomer(ctx, input);
  const present = before ?? (inserted ? null : await lookUpCustomer(tx, organizationId, input.external_id));
  const customer = inserted ?? (await updateCustomer(ctx, present!, input));
  if (input.tax_codes) {
    await assignTaxes(ctx, [{ ownerType: 'customer', ownerId: customer.id, taxCodes: input.tax_codes }]);
    await flagDrafts(ctx, [customer.id]);
  }
  await announce(tx, organizationId, now, {
    type: present ? 'customer.updated' : 'customer.created',
    objectId: customer.id,
  });
  return { customer, before: present };
}

/** Creates or changes a customer. */
export const upsertCustomer = defineCommand<CustomerInput, CustomerRow>({
  name: 'customers/upsert',
  input: customerInput,
  right: 'customers.write',
  reason: 'none',
  undo: null,
  async run(ctx, input) {
    const { customer, before } = await upsertCustomerIn(ctx, input);
    const name = customer.name ?? customer.externalId;
    return {
      result: customer,
      title: before ? `Change the details of ${name}` : `Add the customer ${name}`,
      subject: { type: 'customer', id: customer.id },
      customerId: customer.id,
      before,
      after: customer,
    };
  },
});
