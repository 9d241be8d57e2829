import { asc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appliedCoupons } from '@/db/schema';
import { applyCoupon } from '../coupons/apply';
import { createCoupon } from '../coupons/create';
import { deleteCoupon } from '../coupons/delete';
import { voidInvoice } from '../invoices/void';
import { bill, expectSoundBooks, inside } from '../testing/money';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { applyDiscount } from './apply-discount';
import { putBackDiscount, removeDiscount } from './remove';

let world: Sandbox;
let customerId: string;
beforeEach(async () => {
  world = await openSandbox('2026-03-01T09:00:00Z');
  customerId = await world.customer('c1');
});
afterEach(async () => {
  try {
    await expectSoundBooks(world);
  } finally {
    await world.close();
  }
});

const coupon = (values: Record<string, unknown>) =>
  world.run(createCoupon, {
    name: 'Offer',
    code: 'offer',
    coupon_type: 'fixed_amount',
    amount_cents: 1_000,
    amount_currency: 'USD',
    frequency: 'once',
    expiration: 'no_expiration',
    ...values,
  });
const apply = (values: Record<string, unknown> = {}) =>
  world.run(applyCoupon, { external_customer_id: 'c1', coupon_code: 'offer', ...values });
const applied = () =>
  inside(world, (_ctx, tx) =>
    tx
      .select()
      .from(appliedCoupons)
      .where(eq(appliedCoupons.customerId, customerId))
      .orderBy(asc(appliedCoupons.createdAt)),
  );
const discountOf = async (amountMinor: bigint) =>
  (await bill(world, customerId, amountMinor)).couponsAmountMinor;

describe('a coupon', () => {
  it('of a fixed amount rolls its rest over to the next bill and then ends', async () => {
    await coupon({});
    await apply();
    expect(await discountOf(700n)).toBe(700n);
    expect(await discountOf(700n)).toBe(300n);
    expect(await discountOf(700n)).toBe(0n);
    expect((await applied())[0]?.status).toBe('terminated');
  });

  it('is given once to two bills that race for it', async () => {
    await coupon({ coupon_type: 'percentage', percentage_rate: '50' });
    await apply();
    const races = await Promise.allSettled(
      [1, 2].map(() => bill(world, customerId, 1_000n, { lock: false })),
    );
    const discounts = races.flatMap((race) =>
      race.status === 'fulfilled' ? [race.value.couponsAmountMinor] : [],
    );
    expect(discounts.filter((amount) => amount === 500n)).toHaveLength(1);
  });

  it('that is not reusable reaches a customer once, however many ask at the same time', async () => {
    await coupon({ reusable: false });
    const races = await Promise.allSettled([apply(), apply(), apply()]);
    expect(races.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(apply()).rejects.toMatchObject({
      failure: { fields: { coupon: ['coupon_is_not_reusable'] } },
    });
  });

  it('gives a bill back when that bill is voided', async () => {
    await coupon({ frequency: 'recurring', frequency_duration: 1 });
    await apply();
    const invoice = await bill(world, customerId, 5_000n);
    expect(invoice.couponsAmountMinor).toBe(1_000n);
    expect((await applied())[0]).toMatchObject({ status: 'terminated', frequencyDurationRemaining: 0 });
    await world.run(voidInvoice, { id: invoice.id });
    expect((await applied())[0]).toMatchObject({ status: 'active', frequencyDurationRemaining: 1 });
    expect(await discountOf(5_000n)).toBe(1_000n);
  });

  it('stops being given out on its last day and goes on where it was given', async () => {
    await coupon({
      frequency: 'forever',
      expiration: 'time_limit',
      expiration_at: '2026-03-10T00:00:00Z',
    });
    await apply();
    await world.move('2026-03-10T00:00:00Z');
    await expect(apply()).rejects.toThrow('coupon not found');
    expect(await discountOf(5_000n)).toBe(1_000n);
    await world.run(deleteCoupon, { code: 'offer' });
    expect(await discountOf(5_000n)).toBe(0n);
  });

  it('says what is missing in Lago’s words', async () => {
    await expect(coupon({ amount_cents: null })).rejects.toMatchObject({
      failure: { fields: { amount_cents: ['value_is_out_of_range'] } },
    });
    await expect(
      coupon({ expiration: 'time_limit', expiration_at: '2026-01-01T00:00:00Z' }),
    ).rejects.toMatchObject({ failure: { fields: { expiration_at: ['invalid_date'] } } });
  });
});

describe('a discount given on the customer’s page', () => {
  it('lowers as many bills as it says', async () => {
    await world.run(applyDiscount, { customerId, percent: '20', bills: 2 });
    expect([await discountOf(1_000n), await discountOf(1_000n), await discountOf(1_000n)]).toEqual([
      200n,
      200n,
      0n,
    ]);
  });

  it('can be stopped and put back, with what was left of it', async () => {
    const { id } = await world.run(applyDiscount, { customerId, amountMinor: '300', bills: 2 });
    expect(await discountOf(1_000n)).toBe(300n);
    await world.run(removeDiscount, { appliedCouponId: id });
    expect(await discountOf(1_000n)).toBe(0n);
    await world.run(putBackDiscount, { appliedCouponId: id });
    expect(await discountOf(1_000n)).toBe(300n);
    await expect(world.run(putBackDiscount, { appliedCouponId: id })).rejects.toThrow('used up');
  });

  it('needs one of percent and amount', async () => {
    await expect(world.run(applyDiscount, { customerId, bills: 1 })).rejects.toMatchObject({
      failure: { fields: { percent: ['give_percent_or_amount'] } },
    });
    await expect(world.run(applyDiscount, { customerId, percent: '100.01', bills: 1 })).rejects.toMatchObject(
      { failure: { kind: 'invalid' } },
    );
  });
});
