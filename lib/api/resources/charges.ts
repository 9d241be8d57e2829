import { createCharge, deleteCharge, updateCharge } from '@/lib/commands/plans/charge';
import { createFilter, deleteFilter, updateFilter } from '@/lib/commands/plans/filter';
import { chargeOf, findPlan } from '@/lib/commands/plans/find';
import { sameValues } from '@/lib/commands/plans/write-charges';
import type { ChargeNode } from '@/lib/queries/api/plan-graph';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import { type ApiRequest, isObject, type JsonObject } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import { chargeSchema, chargeWire, filterSchema, filterWire } from '../serializers/plan.ts';
import { one, page } from '../wire-schema.ts';
import { listed, sliced } from './listing.ts';

const chargeAnswer = one('charge', chargeSchema);
const filterAnswer = one('filter', filterSchema);

function loadPlan(request: ApiRequest) {
  return request.read((tx) => findPlan(tx, request.organizationId, request.param('code')));
}

async function loadCharge(request: ApiRequest): Promise<ChargeNode> {
  return chargeOf(await loadPlan(request), request.param('charge_code'));
}

async function chargeById(request: ApiRequest, id: string) {
  const charge = (await loadPlan(request)).charges.find(({ row }) => row.id === id);
  if (!charge) throw unknown('charge');
  return { charge: chargeWire(charge) };
}

/** A body that may be left out altogether: `{root: {...}}` or nothing. */
export async function optionalAttributes(request: ApiRequest, root: string): Promise<JsonObject> {
  const given = (await request.body())[root];
  return isObject(given) ? given : {};
}

function filterOf(charge: ChargeNode, id: string) {
  const filter = charge.filters.find((candidate) => candidate.id === id);
  if (!filter) throw unknown('charge_filter');
  return { filter: filterWire(filter, charge.row.code) };
}

async function filterByValues(request: ApiRequest, values: Record<string, string[]>) {
  const charge = await loadCharge(request);
  const filter = charge.filters.find((candidate) => sameValues(candidate.values, values));
  return filterOf(charge, filter?.id ?? '');
}

/** Charges of a plan, one at a time (API contract 2.2). */
export function charges(door: Door): void {
  const [list, one] = ['/plans/:code/charges', '/plans/:code/charges/:charge_code'];
  get(door, list, { answers: page('charges', chargeSchema) }, async (request) =>
    listed(request, 'charges', sliced(request, (await loadPlan(request)).charges), chargeWire),
  );
  post(
    door,
    list,
    { answers: chargeAnswer, takes: body('charge', createCharge.input, { member: 'charge' }) },
    async (request) => {
      const charge = await request.attributes('charge');
      const { id } = await request.run(createCharge, { plan_code: request.param('code'), charge });
      return chargeById(request, id);
    },
  );
  get(door, one, { answers: chargeAnswer }, async (request) => ({
    charge: chargeWire(await loadCharge(request)),
  }));
  put(
    door,
    one,
    { answers: chargeAnswer, takes: body('charge', updateCharge.input, { member: 'charge' }) },
    async (request) => {
      const charge = await request.attributes('charge');
      const target = { plan_code: request.param('code'), code: request.param('charge_code') };
      const { id } = await request.run(updateCharge, { ...target, charge });
      return chargeById(request, id);
    },
  );
  remove(
    door,
    one,
    {
      answers: chargeAnswer,
      takes: body('charge', deleteCharge.input, { without: ['plan_code', 'code'], optional: true }),
    },
    async (request) => {
      const { cascade_updates } = await optionalAttributes(request, 'charge');
      const before = await loadCharge(request);
      const target = { plan_code: request.param('code'), code: request.param('charge_code') };
      await request.run(deleteCharge, { ...target, cascade_updates });
      return { charge: chargeWire(before) };
    },
  );
}

/** Filters of a plan's charge, one at a time. */
export function chargeFilters(door: Door): void {
  const list = '/plans/:code/charges/:charge_code/filters';
  const one = `${list}/:id`;
  const target = (request: ApiRequest) => ({
    plan_code: request.param('code'),
    charge_code: request.param('charge_code'),
  });
  get(door, list, { answers: page('filters', filterSchema) }, async (request) => {
    const charge = await loadCharge(request);
    return listed(request, 'filters', sliced(request, charge.filters), (filter) =>
      filterWire(filter, charge.row.code),
    );
  });
  post(
    door,
    list,
    { answers: filterAnswer, takes: body('filter', createFilter.input, { member: 'filter' }) },
    async (request) => {
      const filter = await request.attributes('filter');
      const { values } = await request.run(createFilter, { ...target(request), filter });
      return filterByValues(request, values);
    },
  );
  get(door, one, { answers: filterAnswer }, async (request) =>
    filterOf(await loadCharge(request), request.param('id')),
  );
  put(
    door,
    one,
    { answers: filterAnswer, takes: body('filter', updateFilter.input, { member: 'filter' }) },
    async (request) => {
      const filter = await request.attributes('filter');
      const input = { ...target(request), id: request.param('id'), filter };
      const { values } = await request.run(updateFilter, input);
      return filterByValues(request, values);
    },
  );
  remove(
    door,
    one,
    {
      answers: filterAnswer,
      takes: body('filter', deleteFilter.input, {
        without: ['plan_code', 'charge_code', 'id'],
        optional: true,
      }),
    },
    async (request) => {
      const { cascade_updates } = await optionalAttributes(request, 'filter');
      const input = { ...target(request), id: request.param('id'), cascade_updates };
      const gone = await request.run(deleteFilter, input);
      return { filter: filterWire(gone, request.param('charge_code')) };
    },
  );
}
