import { findBillingEntity } from '@/lib/commands/customers/find';
import { createBillingEntity } from '@/lib/commands/organizations/create-billing-entity';
import { updateBillingEntity } from '@/lib/commands/organizations/update-billing-entity';
import { listBillingEntities } from '@/lib/queries/api/organizations';
import { taxesOf } from '@/lib/queries/api/taxes-of';
import type { Door } from '../environment.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put } from '../routes.ts';
import { billingEntityWire } from '../serializers/organization.ts';

async function answer(request: ApiRequest, code: string) {
  return request.read(async (tx) => {
    const entity = await findBillingEntity(tx, request.organizationId, code);
    const taxes = await taxesOf(tx, request.organizationId, [entity.id]);
    return { billing_entity: billingEntityWire(entity, taxes(entity.id)) };
  });
}

/** Legal entities that issue invoices (API contract, section 11). */
export function billingEntities(door: Door): void {
  get(door, '/billing_entities', async (request) => {
    const rows = await request.read((tx) => listBillingEntities(tx, request.organizationId));
    return { billing_entities: rows.map((entity) => billingEntityWire(entity)) };
  });
  get(door, '/billing_entities/:code', (request) => answer(request, request.param('code')));
  post(door, '/billing_entities', async (request) => {
    const input = await request.attributes('billing_entity');
    return { billing_entity: billingEntityWire(await request.run(createBillingEntity, input)) };
  });
  put(door, '/billing_entities/:code', async (request) => {
    const changes = await request.attributes('billing_entity');
    const { code } = await request.run(updateBillingEntity, { code: request.param('code'), changes });
    return answer(request, code);
  });
}
