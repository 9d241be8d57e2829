import { createTax } from '@/lib/commands/taxes/create';
import { deleteTax } from '@/lib/commands/taxes/delete';
import { findTax } from '@/lib/commands/taxes/find';
import { updateTax } from '@/lib/commands/taxes/update';
import { listTaxes, readTax } from '@/lib/queries/api/catalogue';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import { taxDetailSchema, taxDetailWire } from '../serializers/tax.ts';
import { one, page } from '../wire-schema.ts';
import { listed } from './listing.ts';

const taxAnswer = one('tax', taxDetailSchema);

async function answer(request: ApiRequest, id: string) {
  const node = await request.read((tx) => readTax(tx, request.organizationId, id));
  if (!node) throw unknown('tax');
  return { tax: taxDetailWire(node) };
}

/** Taxes (API contract 2.4). */
export function taxes(door: Door): void {
  post(door, '/taxes', { answers: taxAnswer, takes: body('tax', createTax.input) }, async (request) => {
    const { id } = await request.run(createTax, await request.attributes('tax'));
    return answer(request, id);
  });
  get(door, '/taxes', { answers: page('taxes', taxDetailSchema) }, async (request) => {
    const rows = await request.read((tx) => listTaxes(tx, request.organizationId, request.page));
    return listed(request, 'taxes', rows, taxDetailWire);
  });
  get(door, '/taxes/:code', { answers: taxAnswer }, async (request) => {
    const { id } = await request.read((tx) => findTax(tx, request.organizationId, request.param('code')));
    return answer(request, id);
  });
  put(
    door,
    '/taxes/:code',
    { answers: taxAnswer, takes: body('tax', updateTax.input, { member: 'changes' }) },
    async (request) => {
      const changes = await request.attributes('tax');
      const { id } = await request.run(updateTax, { code: request.param('code'), changes });
      return answer(request, id);
    },
  );
  remove(door, '/taxes/:code', { answers: taxAnswer }, async (request) => {
    const { id } = await request.run(deleteTax, { code: request.param('code') });
    return answer(request, id);
  });
}
