import {
  createPricingUnit,
  findPricingUnit,
  type PricingUnitRow,
  updatePricingUnit,
} from '@/lib/commands/pricing-units/write';
import { listPricingUnits } from '@/lib/queries/api/catalogue';
import type { Door } from '../environment.ts';
import { get, post, put } from '../routes.ts';
import { ts } from '../wire.ts';
import { listed } from './listing.ts';

const wire = (unit: PricingUnitRow) => ({
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
  post(door, '/pricing_units', async (request) => ({
    pricing_unit: wire(await request.run(createPricingUnit, await request.attributes('pricing_unit'))),
  }));
  get(door, '/pricing_units', async (request) => {
    const rows = await request.read((tx) => listPricingUnits(tx, request.organizationId, request.page));
    return listed(request, 'pricing_units', rows, wire);
  });
  get(door, '/pricing_units/:code', async (request) => ({
    pricing_unit: wire(
      await request.read((tx) => findPricingUnit(tx, request.organizationId, request.param('code'))),
    ),
  }));
  put(door, '/pricing_units/:code', async (request) => {
    const changes = await request.attributes('pricing_unit');
    return {
      pricing_unit: wire(await request.run(updatePricingUnit, { code: request.param('code'), changes })),
    };
  });
}
