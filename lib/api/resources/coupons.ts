import { applyCoupon } from '@/lib/commands/coupons/apply';
import { createCoupon } from '@/lib/commands/coupons/create';
import { deleteCoupon } from '@/lib/commands/coupons/delete';
import { findCoupon } from '@/lib/commands/coupons/find';
import { updateCoupon } from '@/lib/commands/coupons/update';
import { findCustomer } from '@/lib/commands/customers/find';
import { terminateAppliedCoupon } from '@/lib/commands/discounts/remove';
import {
  type AppliedCouponFilters,
  listAppliedCoupons,
  listCoupons,
  readAppliedCoupon,
  readCoupon,
} from '@/lib/queries/api/coupons';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import {
  appliedCouponListSchema,
  appliedCouponListWire,
  appliedCouponSchema,
  appliedCouponWire,
  couponSchema,
  couponWire,
} from '../serializers/coupon.ts';
import { one, page } from '../wire-schema.ts';
import { choice } from './filters.ts';
import { listed } from './listing.ts';

const couponAnswer = one('coupon', couponSchema);
const applied = one('applied_coupon', appliedCouponSchema);

async function answer(request: ApiRequest, id: string) {
  const object = await request.read((tx) => readCoupon(tx, request.organizationId, id));
  if (!object) throw unknown('coupon');
  return { coupon: couponWire(object.coupon, object.targets) };
}

/** Coupons (API contract 2.5). */
export function coupons(door: Door): void {
  post(
    door,
    '/coupons',
    { answers: couponAnswer, takes: body('coupon', createCoupon.input) },
    async (request) => {
      const { id } = await request.run(createCoupon, await request.attributes('coupon'));
      return answer(request, id);
    },
  );
  get(door, '/coupons', { answers: page('coupons', couponSchema) }, async (request) => {
    const rows = await request.read((tx) => listCoupons(tx, request.organizationId, request.page));
    return listed(request, 'coupons', rows, ({ coupon, targets }) => couponWire(coupon, targets));
  });
  get(door, '/coupons/:code', { answers: couponAnswer }, async (request) => {
    const { id } = await request.read((tx) => findCoupon(tx, request.organizationId, request.param('code')));
    return answer(request, id);
  });
  put(
    door,
    '/coupons/:code',
    { answers: couponAnswer, takes: body('coupon', updateCoupon.input, { member: 'changes' }) },
    async (request) => {
      const changes = await request.attributes('coupon');
      const { id } = await request.run(updateCoupon, { code: request.param('code'), changes });
      return answer(request, id);
    },
  );
  remove(door, '/coupons/:code', { answers: couponAnswer }, async (request) => {
    const { id } = await request.run(deleteCoupon, { code: request.param('code') });
    return answer(request, id);
  });
}

async function appliedAnswer(request: ApiRequest, id: string) {
  const object = await request.read((tx) => readAppliedCoupon(tx, request.organizationId, id));
  if (!object) throw unknown('applied_coupon');
  return { applied_coupon: appliedCouponWire(object) };
}

async function appliedList(request: ApiRequest, filters: AppliedCouponFilters) {
  const { query, organizationId, page } = request;
  const all: AppliedCouponFilters = {
    status: choice(query, 'status', ['active', 'terminated']),
    couponCodes: query.list('coupon_code'),
    ...filters,
  };
  const rows = await request.read((tx) => listAppliedCoupons(tx, organizationId, all, page));
  return listed(request, 'applied_coupons', rows, (object) => appliedCouponListWire(object, object.credits));
}

/** Coupons on customers (API contract 2.5). */
export function appliedCoupons(door: Door): void {
  post(
    door,
    '/applied_coupons',
    { answers: applied, takes: body('applied_coupon', applyCoupon.input) },
    async (request) => {
      const { id } = await request.run(applyCoupon, await request.attributes('applied_coupon'));
      return appliedAnswer(request, id);
    },
  );
  get(
    door,
    '/applied_coupons',
    {
      answers: page('applied_coupons', appliedCouponListSchema),
      filters: ['status', 'external_customer_id', 'coupon_code[]'],
    },
    (request) => appliedList(request, { externalCustomerId: request.query.text('external_customer_id') }),
  );
  get(
    door,
    '/customers/:external_id/applied_coupons',
    { answers: page('applied_coupons', appliedCouponListSchema), filters: ['status', 'coupon_code[]'] },
    async (request) => {
      const externalCustomerId = request.param('external_id');
      await request.read((tx) => findCustomer(tx, request.organizationId, externalCustomerId));
      return appliedList(request, { externalCustomerId });
    },
  );
  remove(door, '/customers/:external_id/applied_coupons/:id', { answers: applied }, async (request) => {
    const { id } = await request.run(terminateAppliedCoupon, {
      external_customer_id: request.param('external_id'),
      id: request.param('id'),
    });
    return appliedAnswer(request, id);
  });
}
