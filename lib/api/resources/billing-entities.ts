import { findBillingEntity } from '@/lib/commands/customers/find';
import { createBillingEntity } from '@/lib/commands/organizations/create-billing-entity';
import { updateBillingEntity } from '@/lib/commands/organizations/update-billing-entity';
import { listBillingEntities } from '@/lib/queries/api/organizations';
import { taxesOf } from '@/lib/queries/api/taxes-of';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put } from '../routes.ts';
import { billingEntitySchema, billingEntityWire } from '../serializers/organization.ts';
import { all, one } from '../wire-schema.ts';

const entityAnswer = one('billing_entity', billingEntitySchema);

async function answer(request: ApiRequest, code: string) {
  return request.read(async (tx) => {
    const entity = await findBillingEntity(tx, request.organizationId, code);
    const taxes = await taxesOf(tx, request.organizationId, [entity.id]);
    return { billing_entity: billingEntityWire(entity, taxes(entity.id)) };
  });
}

/** Legal entities that issue invoices (API contract, section 11). */
export function billingEntities(door: Door): void {
  get(
    door,
    '/billing_entities',
    { answers: all('billing_entities', billingEntitySchema) },
    async (request) => {
      const rows = await request.read((tx) => listBillingEntities(tx, request.organizationId));
      return { billing_entities: rows.map((entity) => billingEntityWire(entity)) };
    },
  );
  get(door, '/billing_entities/:code', { answers: entityAnswer }, (request) =>
    answer(request, request.param('code')),
  );
  post(
    door,
    '/billing_entities',
    { answers: entityAnswer, takes: body('billing_entity', createBillingEntity.input) },
    async (request) => {
      const input = await request.attributes('billing_entity');
      return { billing_entity: billingEntityWire(await request.run(createBillingEntity, input)) };
    },
  );
  put(
    door,
    '/billing_entities/:code',
    {
      answers: entityAnswer,
      takes: body('billing_entity', updateBillingEntity.input, { member: 'changes' }),
    },
    async (request) => {
      const changes = await request.attributes('billing_entity');
      const { code } = await request.run(updateBillingEntity, { code: request.param('code'), changes });
      return answer(request, code);
    },
  );
}
