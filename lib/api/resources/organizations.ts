import { updateOrganization } from '@/lib/commands/organizations/update';
import { livingEndpoints } from '@/lib/commands/webhooks/find';
import { readOrganization } from '@/lib/queries/api/organizations';
import { taxesOf } from '@/lib/queries/api/taxes-of';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, put } from '../routes.ts';
import { organizationSchema, organizationWire } from '../serializers/organization.ts';
import { one } from '../wire-schema.ts';

async function answer(request: ApiRequest, withTaxes: boolean) {
  return request.read(async (tx) => {
    const found = await readOrganization(tx, request.organizationId);
    if (!found) throw unknown('organization');
    const webhookUrls = (await livingEndpoints(tx, request.organizationId)).map(({ url }) => url);
    const taxes = withTaxes ? await taxesOf(tx, request.organizationId, [found.entity.id]) : null;
    return { organization: organizationWire({ ...found, webhookUrls }, taxes?.(found.entity.id)) };
  });
}

/** The organisation itself (API contract, section 11). */
export function organizations(door: Door): void {
  get(door, '/organizations', { answers: one('organization', organizationSchema) }, (request) =>
    answer(request, false),
  );
  put(
    door,
    '/organizations',
    {
      answers: one('organization', organizationSchema),
      takes: body('organization', updateOrganization.input),
    },
    async (request) => {
      await request.run(updateOrganization, await request.attributes('organization'));
      return answer(request, true);
    },
  );
}
