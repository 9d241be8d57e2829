import { invalid } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { defineCommand } from '../core/command.ts';
import { type CustomerRow, lookUpCustomer } from './find.ts';
import { type CustomerInput, customerInput } from './input.ts';
import { insertCustomer } from './upsert.ts';

function taken(externalId: string, by: CustomerRow | null): never {
  const whose = by ? ` It is ${by.name ?? 'another customer'}’s.` : '';
  return invalid(
    { external_id: ['value_already_exist'] },
    `The id ${externalId} is taken.${whose} Choose another one, or open that customer.`,
  );
}

/**
 * Adds a customer. Other than the API's upsert it never changes one that is there: throws invalid (value_already_exist)
 * for an id in use, and not_found (billing_entity). On screen: "Add customer".
 */
export const addCustomer = defineCommand<CustomerInput, CustomerRow>({
  name: 'customers/add',
  input: customerInput,
  right: 'customers.write',
  reason: 'none',
  undo: 'fix_forward',
  async run(ctx, input) {
    const { tx, organizationId, now } = ctx;
    const present = await lookUpCustomer(tx, organizationId, input.external_id);
    if (present) taken(input.external_id, present);
    const customer = (await insertCustomer(ctx, input)) ?? taken(input.external_id, null);
    await announce(tx, organizationId, now, { type: 'customer.created', objectId: customer.id });
    return {
      result: customer,
      title: `Add the customer ${customer.name ?? customer.externalId}`,
      subject: { type: 'customer', id: customer.id },
      customerId: customer.id,
      before: null,
      after: customer,
    };
  },
});
