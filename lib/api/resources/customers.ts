import { deleteCustomer } from '@/lib/commands/customers/delete';
import { findCustomer } from '@/lib/commands/customers/find';
import { upsertCustomer } from '@/lib/commands/customers/upsert';
import { type CustomerFilters, listCustomers, loadCustomerObjects } from '@/lib/queries/api/customers';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { QueryFilters } from '../query.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, remove } from '../routes.ts';
import { customerSchema, customerWire } from '../serializers/customer.ts';
import { one, page } from '../wire-schema.ts';
import { listed } from './listing.ts';

const FILTERS = [
  'search_term',
  'external_id',
  'account_type[]',
  'billing_entity_codes[]',
  'currencies[]',
  'countries[]',
  'states[]',
  'zipcodes[]',
  'has_tax_identification_number',
  'customer_type',
  'has_customer_type',
  'metadata[key]',
];
const customerAnswer = one('customer', customerSchema);

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
  post(
    door,
    '/customers',
    { answers: customerAnswer, takes: body('customer', upsertCustomer.input) },
    async (request) => {
      const { id } = await request.run(upsertCustomer, await request.attributes('customer'));
      return answer(request, id);
    },
  );
  get(
    door,
    '/customers',
    { answers: page('customers', customerSchema), filters: FILTERS },
    async (request) => {
      const filters = filtersOf(request.query);
      const rows = await request.read((tx) =>
        listCustomers(tx, request.organizationId, filters, request.page),
      );
      return listed(request, 'customers', rows, (object) => customerWire(object, { integrations: true }));
    },
  );
  get(door, '/customers/:external_id', { answers: customerAnswer }, async (request) => {
    const { id } = await request.read((tx) =>
      findCustomer(tx, request.organizationId, request.param('external_id')),
    );
    return answer(request, id);
  });
  remove(door, '/customers/:external_id', { answers: customerAnswer }, async (request) => {
    const { id } = await request.run(deleteCustomer, { external_id: request.param('external_id') });
    return answer(request, id);
  });
}
