import { createAddOn } from '@/lib/commands/add-ons/create';
import { deleteAddOn } from '@/lib/commands/add-ons/delete';
import { type AddOnRow, findAddOn } from '@/lib/commands/add-ons/find';
import { updateAddOn } from '@/lib/commands/add-ons/update';
import { listAddOns } from '@/lib/queries/api/catalogue';
import { taxesOf } from '@/lib/queries/api/taxes-of';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import { addOnSchema, addOnWire } from '../serializers/add-on.ts';
import { one, page } from '../wire-schema.ts';
import { listed } from './listing.ts';

const addOn = one('add_on', addOnSchema);

async function answer(request: ApiRequest, row: AddOnRow) {
  const taxes = await request.read((tx) => taxesOf(tx, request.organizationId, [row.id]));
  return { add_on: addOnWire(row, taxes(row.id)) };
}

/** Add-ons (API contract 2.3). */
export function addOns(door: Door): void {
  post(door, '/add_ons', { answers: addOn, takes: body('add_on', createAddOn.input) }, async (request) =>
    answer(request, await request.run(createAddOn, await request.attributes('add_on'))),
  );
  get(door, '/add_ons', { answers: page('add_ons', addOnSchema) }, async (request) => {
    const rows = await request.read((tx) => listAddOns(tx, request.organizationId, request.page));
    return listed(request, 'add_ons', rows, ({ addOn, taxes }) => addOnWire(addOn, taxes));
  });
  get(door, '/add_ons/:code', { answers: addOn }, async (request) =>
    answer(request, await request.read((tx) => findAddOn(tx, request.organizationId, request.param('code')))),
  );
  put(
    door,
    '/add_ons/:code',
    { answers: addOn, takes: body('add_on', updateAddOn.input, { member: 'changes' }) },
    async (request) => {
      const changes = await request.attributes('add_on');
      return answer(request, await request.run(updateAddOn, { code: request.param('code'), changes }));
    },
  );
  remove(door, '/add_ons/:code', { answers: addOn }, async (request) =>
    answer(request, await request.run(deleteAddOn, { code: request.param('code') })),
  );
}
