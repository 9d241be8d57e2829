import { parseInput } from '@/lib/commands/core/fields';
import { chargeOf, fixedChargeOf } from '@/lib/commands/plans/find';
import { chargeInput, filterInput, fixedChargeInput } from '@/lib/commands/plans/input';
import { sameValues } from '@/lib/commands/plans/write-charges';
import { overridePrices } from '@/lib/commands/subscriptions/override-prices';
import type { ChargeNode, FilterNode } from '@/lib/queries/api/plan-graph';
import type { SubscriptionRow } from '@/lib/queries/api/subscriptions';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import {
  chargeSchema,
  chargeWire,
  filterSchema,
  filterWire,
  fixedChargeSchema,
  fixedChargeWire,
} from '../serializers/plan.ts';
import { one, page } from '../wire-schema.ts';
import { listed, sliced } from './listing.ts';
import { statusAsked, subscriptionObject, subscriptionOf } from './subscriptions.ts';

const STATUS = ['subscription_status', 'status'];
const chargeAnswer = one('charge', chargeSchema);
const filterFound = one('filter', filterSchema);
const fixedAnswer = one('fixed_charge', fixedChargeSchema);
const filterChanges = filterInput.partial();

/** The charges one subscription pays, own prices included, and changing them for it alone (API contract, section 4). */
async function load(request: ApiRequest) {
  const row = await subscriptionOf(request, statusAsked(request));
  const { plan } = await subscriptionObject(request, row);
  return { row, plan };
}

async function loadCharge(request: ApiRequest) {
  const { row, plan } = await load(request);
  return { row, charge: chargeOf(plan, request.param('charge_code')) };
}

function override(request: ApiRequest, row: SubscriptionRow, overrides: Record<string, unknown>) {
  return request.run(overridePrices, { subscriptionId: row.id, overrides });
}

export function subscriptionCharges(door: Door): void {
  const [list, one] = [
    '/subscriptions/:external_id/charges',
    '/subscriptions/:external_id/charges/:charge_code',
  ];
  get(door, list, { answers: page('charges', chargeSchema), filters: STATUS }, async (request) =>
    listed(request, 'charges', sliced(request, (await load(request)).plan.charges), chargeWire),
  );
  get(door, one, { answers: chargeAnswer, filters: STATUS }, async (request) => ({
    charge: chargeWire((await loadCharge(request)).charge),
  }));
  put(
    door,
    one,
    { answers: chargeAnswer, takes: body('charge', chargeInput), filters: STATUS },
    async (request) => {
      const given = parseInput(chargeInput, await request.attributes('charge'));
      const { row, charge } = await loadCharge(request);
      await override(request, row, { charges: [{ ...given, id: charge.row.id }] });
      return { charge: chargeWire((await loadCharge(request)).charge) };
    },
  );
}

function asInput({ id, invoiceDisplayName, values, properties }: FilterNode) {
  return { id, invoice_display_name: invoiceDisplayName, values, properties };
}

function filterAnswer(charge: ChargeNode, find: (filter: FilterNode) => boolean) {
  const filter = charge.filters.find(find);
  if (!filter) throw unknown('charge_filter');
  return { filter: filterWire(filter, charge.row.code) };
}

export function subscriptionFilters(door: Door): void {
  const list = '/subscriptions/:external_id/charges/:charge_code/filters';
  const one = `${list}/:id`;
  const write = async (
    request: ApiRequest,
    row: SubscriptionRow,
    charge: ChargeNode,
    filters: (Omit<ReturnType<typeof asInput>, 'id'> & { id?: string })[],
  ) => override(request, row, { charges: [{ id: charge.row.id, filters }] });

  get(door, list, { answers: page('filters', filterSchema), filters: STATUS }, async (request) => {
    const { charge } = await loadCharge(request);
    return listed(request, 'filters', sliced(request, charge.filters), (filter) =>
      filterWire(filter, charge.row.code),
    );
  });
  get(door, one, { answers: filterFound, filters: STATUS }, async (request) => {
    const { charge } = await loadCharge(request);
    return filterAnswer(charge, ({ id }) => id === request.param('id'));
  });
  post(
    door,
    list,
    { answers: filterFound, takes: body('filter', filterInput), filters: STATUS },
    async (request) => {
      const given = parseInput(filterInput, await request.attributes('filter'));
      const { row, charge } = await loadCharge(request);
      const others = charge.filters.filter(({ values }) => !sameValues(values, given.values)).map(asInput);
      const added = {
        invoice_display_name: given.invoice_display_name ?? null,
        values: given.values,
        properties: given.properties ?? {},
      };
      await write(request, row, charge, [...others, added]);
      const after = await loadCharge(request);
      return filterAnswer(after.charge, ({ values }) => sameValues(values, given.values));
    },
  );
  put(
    door,
    one,
    { answers: filterFound, takes: body('filter', filterChanges), filters: STATUS },
    async (request) => {
      const given = parseInput(filterChanges, await request.attributes('filter'));
      const { row, charge } = await loadCharge(request);
      const present = charge.filters.find(({ id }) => id === request.param('id'));
      if (!present) throw unknown('charge_filter');
      const changed = {
        id: present.id,
        invoice_display_name:
          given.invoice_display_name === undefined ? present.invoiceDisplayName : given.invoice_display_name,
        values: given.values ?? present.values,
        properties: given.properties ?? present.properties,
      };
      await write(
        request,
        row,
        charge,
        charge.filters.map((filter) => (filter.id === present.id ? changed : asInput(filter))),
      );
      const after = await loadCharge(request);
      return filterAnswer(after.charge, ({ values }) => sameValues(values, changed.values));
    },
  );
  remove(door, one, { answers: filterFound, filters: STATUS }, async (request) => {
    const { row, charge } = await loadCharge(request);
    const answer = filterAnswer(charge, ({ id }) => id === request.param('id'));
    await write(
      request,
      row,
      charge,
      charge.filters.filter(({ id }) => id !== request.param('id')).map(asInput),
    );
    return answer;
  });
}

export function subscriptionFixedCharges(door: Door): void {
  const list = '/subscriptions/:external_id/fixed_charges';
  const one = `${list}/:fixed_charge_code`;
  const loadOne = async (request: ApiRequest) => {
    const { row, plan } = await load(request);
    return { row, charge: fixedChargeOf(plan, request.param('fixed_charge_code')) };
  };
  get(door, list, { answers: page('fixed_charges', fixedChargeSchema), filters: STATUS }, async (request) =>
    listed(
      request,
      'fixed_charges',
      sliced(request, (await load(request)).plan.fixedCharges),
      fixedChargeWire,
    ),
  );
  get(door, one, { answers: fixedAnswer, filters: STATUS }, async (request) => ({
    fixed_charge: fixedChargeWire((await loadOne(request)).charge),
  }));
  put(
    door,
    one,
    { answers: fixedAnswer, takes: body('fixed_charge', fixedChargeInput), filters: STATUS },
    async (request) => {
      const given = parseInput(fixedChargeInput, await request.attributes('fixed_charge'));
      const { row, charge } = await loadOne(request);
      await override(request, row, { fixed_charges: [{ ...given, id: charge.row.id }] });
      return { fixed_charge: fixedChargeWire((await loadOne(request)).charge) };
    },
  );
}
