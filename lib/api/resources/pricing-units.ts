import {
  createPricingUnit,
  findPricingUnit,
  type PricingUnitRow,
  updatePricingUnit,
} from '@/lib/commands/pricing-units/write';
import { listPricingUnits } from '@/lib/queries/api/catalogue';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { get, post, put } from '../routes.ts';
import { ts } from '../wire.ts';
import { is, one, page, resource, type Wire } from '../wire-schema.ts';
import { listed } from './listing.ts';

const unitSchema = resource('PricingUnit', {
  lago_id: is.uuid,
  code: is.str,
  name: is.str,
  short_name: is.str,
  description: is.str.nullable(),
  exponent: is.int,
  created_at: is.ts,
});
const unitAnswer = one('pricing_unit', unitSchema);

const wire = (unit: PricingUnitRow): Wire<typeof unitSchema> => ({
  lago_id: unit.id,
  code: unit.code,
  name: unit.name,
  short_name: unit.shortName,
  description: unit.description,
  exponent: unit.exponent,
  created_at: ts(unit.createdAt),
});

/** Pricing units. Lago makes them in its console only; these calls are ours. */
export function pricingUnits(door: Door): void {
  post(
    door,
    '/pricing_units',
    { answers: unitAnswer, takes: body('pricing_unit', createPricingUnit.input) },
    async (request) => ({
      pricing_unit: wire(await request.run(createPricingUnit, await request.attributes('pricing_unit'))),
    }),
  );
  get(door, '/pricing_units', { answers: page('pricing_units', unitSchema) }, async (request) => {
    const rows = await request.read((tx) => listPricingUnits(tx, request.organizationId, request.page));
    return listed(request, 'pricing_units', rows, wire);
  });
  get(door, '/pricing_units/:code', { answers: unitAnswer }, async (request) => ({
    pricing_unit: wire(
      await request.read((tx) => findPricingUnit(tx, request.organizationId, request.param('code'))),
    ),
  }));
  put(
    door,
    '/pricing_units/:code',
    { answers: unitAnswer, takes: body('pricing_unit', updatePricingUnit.input, { member: 'changes' }) },
    async (request) => {
      const changes = await request.attributes('pricing_unit');
      return {
        pricing_unit: wire(await request.run(updatePricingUnit, { code: request.param('code'), changes })),
      };
    },
  );
}
