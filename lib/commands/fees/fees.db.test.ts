import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { metric, send, usageLines } from '../usage/testing';
import { deleteFee } from './delete';
import { setFeePaymentStatus } from './set-payment-status';

let world: Sandbox;
let id: string;

beforeAll(async () => {
  world = await openSandbox('2025-01-01T00:00:00Z', 'UTC', 'EUR');
  const billable_metric_id = await metric(world, 'sum');
  const charge = {
    billable_metric_id,
    charge_model: 'standard',
    properties: { amount: '1' },
    pay_in_advance: true,
  };
  await world.plan('p', {
    pay_in_advance: false,
    charges: [
      { ...charge, code: 'invoiced' },
      { ...charge, code: 'apart', invoiceable: false },
    ],
  });
  id = await world.subscribe(await world.customer('c'), 'p', { externalId: 's' });
  await send(world, 's', 'sum', { amount: 3 });
});
afterAll(() => world.close());

const lines = async () => {
  const all = await usageLines(world, id);
  return {
    invoiced: all.find((fee) => fee.invoiceId !== null)!,
    apart: all.find((fee) => fee.invoiceId === null)!,
  };
};

describe('lines that stand on no invoice (6.11)', () => {
  it('take the outcome of their payment', async () => {
    const { apart } = await lines();
    const paid = await world.run(setFeePaymentStatus, { feeId: apart.id, payment_status: 'succeeded' });
    expect([paid.paymentStatus, paid.succeededAt?.toISOString()]).toEqual([
      'succeeded',
      '2025-01-01T00:00:00.000Z',
    ]);
    await expect(
      world.run(setFeePaymentStatus, { feeId: apart.id, payment_status: 'lost' }),
    ).rejects.toMatchObject({ failure: { fields: { payment_status: ['value_is_invalid'] } } });
  });

  it('are removed; one on an invoice is not, nor is its payment set', async () => {
    const { invoiced, apart } = await lines();
    const refused = { failure: { kind: 'not_allowed', code: 'invoiced_fee' } };
    await expect(world.run(deleteFee, { feeId: invoiced.id })).rejects.toMatchObject(refused);
    await expect(
      world.run(setFeePaymentStatus, { feeId: invoiced.id, payment_status: 'succeeded' }),
    ).rejects.toMatchObject(refused);
    await world.run(deleteFee, { feeId: apart.id });
    await expect(world.run(deleteFee, { feeId: apart.id })).rejects.toMatchObject({
      failure: { kind: 'not_found', resource: 'fee' },
    });
  });
});
