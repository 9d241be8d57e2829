import { findPlan, fixedChargeOf } from '@/lib/commands/plans/find';
import { createFixedCharge, deleteFixedCharge, updateFixedCharge } from '@/lib/commands/plans/fixed-charge';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import { fixedChargeSchema, fixedChargeWire } from '../serializers/plan.ts';
import { one, page } from '../wire-schema.ts';
import { optionalAttributes } from './charges.ts';
import { listed, sliced } from './listing.ts';

const chargeAnswer = one('fixed_charge', fixedChargeSchema);

function loadPlan(request: ApiRequest) {
  return request.read((tx) => findPlan(tx, request.organizationId, request.param('code')));
}

async function loadFixedCharge(request: ApiRequest) {
  return fixedChargeOf(await loadPlan(request), request.param('fixed_charge_code'));
}

async function byId(request: ApiRequest, id: string) {
  const charge = (await loadPlan(request)).fixedCharges.find(({ row }) => row.id === id);
  if (!charge) throw unknown('fixed_charge');
  return { fixed_charge: fixedChargeWire(charge) };
}

/** Fixed charges of a plan, one at a time (API contract 2.2). */
export function fixedCharges(door: Door): void {
  const [list, one] = ['/plans/:code/fixed_charges', '/plans/:code/fixed_charges/:fixed_charge_code'];
  get(door, list, { answers: page('fixed_charges', fixedChargeSchema) }, async (request) =>
    listed(
      request,
      'fixed_charges',
      sliced(request, (await loadPlan(request)).fixedCharges),
      fixedChargeWire,
    ),
  );
  post(
    door,
    list,
    {
      answers: chargeAnswer,
      takes: body('fixed_charge', createFixedCharge.input, { member: 'fixed_charge' }),
    },
    async (request) => {
      const fixed_charge = await request.attributes('fixed_charge');
      const { id } = await request.run(createFixedCharge, { plan_code: request.param('code'), fixed_charge });
      return byId(request, id);
    },
  );
  get(door, one, { answers: chargeAnswer }, async (request) => ({
    fixed_charge: fixedChargeWire(await loadFixedCharge(request)),
  }));
  put(
    door,
    one,
    {
      answers: chargeAnswer,
      takes: body('fixed_charge', updateFixedCharge.input, { member: 'fixed_charge' }),
    },
    async (request) => {
      const fixed_charge = await request.attributes('fixed_charge');
      const target = { plan_code: request.param('code'), code: request.param('fixed_charge_code') };
      const { id } = await request.run(updateFixedCharge, { ...target, fixed_charge });
      return byId(request, id);
    },
  );
  remove(
    door,
    one,
    {
      answers: chargeAnswer,
      takes: body('fixed_charge', deleteFixedCharge.input, {
        without: ['plan_code', 'code'],
        optional: true,
      }),
    },
    async (request) => {
      const { cascade_updates } = await optionalAttributes(request, 'fixed_charge');
      const before = await loadFixedCharge(request);
      const target = { plan_code: request.param('code'), code: request.param('fixed_charge_code') };
      await request.run(deleteFixedCharge, { ...target, cascade_updates });
      return { fixed_charge: fixedChargeWire(before) };
    },
  );
}
