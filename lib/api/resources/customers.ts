import { deleteCustomer } from '@/lib/commands/customers/delete';
import { findCustomer } from '@/lib/commands/customers/find';
import { upsertCustomer } from '@/lib/commands/customers/upsert';
import { type CustomerFilters, listCustomers, loadCustomerObjects } from '@/lib/queries/api/customers';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { QueryFilters } from '../query.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, remove } from '../routes.ts';
import { customerWire } from '../serializers/customer.ts';
import { listed } from './listing.ts';

async function answer(request: ApiRequest, id: string) {
  const objects = await request.read((tx) =>
    loadCustomerObjects(tx, request.organizationId, [id], { taxes: true }),
  );
  const object = objects.get(id);
  if (!object) throw unknown('customer');
  return { customer: customerWire(object, { full: true }) };
}

function filtersOf(query: QueryFilters): CustomerFilters {
  const metadata = query.map('metadata');
  return {
    searchTerm: query.text('search_term'),
    externalId: query.text('external_id'),
    accountTypes: query.list('account_type'),
    billingEntityCodes: query.list('billing_entity_codes'),
    currencies: query.list('currencies'),
    countries: query.list('countries'),
    states: query.list('states'),
    zipcodes: query.list('zipcodes'),
    hasTaxIdentificationNumber: query.flag('has_tax_identification_number'),
    customerType: query.text('customer_type'),
    hasCustomerType: query.flag('has_customer_type'),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  };
}

/** Customers (API contract, section 3). POST upserts on the external id. */
export function customers(door: Door): void {
  post(door, '/customers', async (request) => {
    const { id } = await request.run(upsertCustomer, await request.attributes('customer'));
    return answer(request, id);
  });
  get(door, '/customers', async (request) => {
    const filters = filtersOf(request.query);
    const rows = await request.read((tx) => listCustomers(tx, request.organizationId, filters, request.page));
    return listed(request, 'customers', rows, (object) => customerWire(object, { integrations: true }));
  });
  get(door, '/customers/:external_id', async (request) => {
    const { id } = await request.read((tx) =>
      findCustomer(tx, request.organizationId, request.param('external_id')),
    );
    return answer(request, id);
  });
  remove(door, '/customers/:external_id', async (request) => {
    const { id } = await request.run(deleteCustomer, { external_id: request.param('external_id') });
    return answer(request, id);
  });
}
