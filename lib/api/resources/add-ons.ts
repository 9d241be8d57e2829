import { createAddOn } from '@/lib/commands/add-ons/create';
import { deleteAddOn } from '@/lib/commands/add-ons/delete';
import { type AddOnRow, findAddOn } from '@/lib/commands/add-ons/find';
import { updateAddOn } from '@/lib/commands/add-ons/update';
import { listAddOns } from '@/lib/queries/api/catalogue';
import { taxesOf } from '@/lib/queries/api/taxes-of';
import type { Door } from '../environment.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import { addOnWire } from '../serializers/add-on.ts';
import { listed } from './listing.ts';

async function answer(request: ApiRequest, addOn: AddOnRow) {
  const taxes = await request.read((tx) => taxesOf(tx, request.organizationId, [addOn.id]));
  return { add_on: addOnWire(addOn, taxes(addOn.id)) };
}

/** Add-ons (API contract 2.3). */
export function addOns(door: Door): void {
  post(door, '/add_ons', async (request) =>
    answer(request, await request.run(createAddOn, await request.attributes('add_on'))),
  );
  get(door, '/add_ons', async (request) => {
    const rows = await request.read((tx) => listAddOns(tx, request.organizationId, request.page));
    return listed(request, 'add_ons', rows, ({ addOn, taxes }) => addOnWire(addOn, taxes));
  });
  get(door, '/add_ons/:code', async (request) =>
    answer(request, await request.read((tx) => findAddOn(tx, request.organizationId, request.param('code')))),
  );
  put(door, '/add_ons/:code', async (request) => {
    const changes = await request.attributes('add_on');
    return answer(request, await request.run(updateAddOn, { code: request.param('code'), changes }));
  });
  remove(door, '/add_ons/:code', async (request) =>
    answer(request, await request.run(deleteAddOn, { code: request.param('code') })),
  );
}
