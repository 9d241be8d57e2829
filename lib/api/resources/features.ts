import { findFeature } from '@/lib/commands/features/find';
import { createFeature, deleteFeature, deletePrivilege, updateFeature } from '@/lib/commands/features/write';
import { type FeatureRow, listFeatures } from '@/lib/queries/api/features';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { get, post, put, remove } from '../routes.ts';
import { featureSchema, featureWire } from '../serializers/feature.ts';
import { one, page } from '../wire-schema.ts';
import { listed } from './listing.ts';

const featureAnswer = one('feature', featureSchema);

const answer = (feature: FeatureRow) => ({ feature: featureWire(feature) });

/** Features (API contract 2.6). */
export function features(door: Door): void {
  const one = '/features/:code';
  post(
    door,
    '/features',
    { answers: featureAnswer, takes: body('feature', createFeature.input) },
    async (request) => answer(await request.run(createFeature, await request.attributes('feature'))),
  );
  get(
    door,
    '/features',
    { answers: page('features', featureSchema), filters: ['search_term'] },
    async (request) => {
      const filters = { searchTerm: request.query.text('search_term') };
      const rows = await request.read((tx) =>
        listFeatures(tx, request.organizationId, filters, request.page),
      );
      return listed(request, 'features', rows, featureWire);
    },
  );
  get(door, one, { answers: featureAnswer }, async (request) =>
    answer(await request.read((tx) => findFeature(tx, request.organizationId, request.param('code')))),
  );
  put(
    door,
    one,
    { answers: featureAnswer, takes: body('feature', updateFeature.input, { member: 'changes' }) },
    async (request) => {
      const changes = await request.attributes('feature');
      return answer(await request.run(updateFeature, { code: request.param('code'), changes }));
    },
  );
  remove(door, one, { answers: featureAnswer }, async (request) =>
    answer(await request.run(deleteFeature, { code: request.param('code') })),
  );
  remove(door, `${one}/privileges/:privilege_code`, { answers: featureAnswer }, async (request) => {
    const target = { code: request.param('code'), privilege_code: request.param('privilege_code') };
    return answer(await request.run(deletePrivilege, target));
  });
}
