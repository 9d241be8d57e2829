import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordPayment as record, setPaymentStatus } from '@/lib/invoicing/payments';
import { invoicesFinalized } from '@/lib/ledger/entries';
import { postEntry } from '@/lib/ledger/post';
import { loseDispute } from '../invoices/lose-dispute';
import { updateInvoiceCommand } from '../invoices/update';
import { bill, expectSoundBooks, inside } from '../testing/money';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { recordPayment } from './record';

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

const pay = (invoice_id: string, amount_cents: bigint) =>
  world.run(recordPayment, { invoice_id, amount_cents, reference: 'wire' });
const first = async () => (await world.invoices(customerId))[0]!;

describe('money recorded by hand', () => {
  it('pays an invoice once nothing is due, and not a cent beyond', async () => {
    const { id } = await bill(world, customerId, 1_000n);
    await pay(id, 400n);
    expect(await first()).toMatchObject({ paymentStatus: 'pending', totalPaidAmountMinor: 400n });
    await expect(pay(id, 601n)).rejects.toThrow('at most what is due');
    await pay(id, 600n);
    expect(await first()).toMatchObject({ paymentStatus: 'succeeded', totalPaidAmountMinor: 1_000n });
    expect((await first()).lines.map((line) => line.paymentStatus)).toEqual(['succeeded']);
  });

  it('arrives once when two people record it at the same time', async () => {
    const { id } = await bill(world, customerId, 1_000n);
    const races = await Promise.allSettled([pay(id, 1_000n), pay(id, 1_000n)]);
    expect(races.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('clears an overdue invoice', async () => {
    const { id } = await bill(world, customerId, 1_000n);
    await world.move('2026-03-03T00:00:00Z');
    expect((await first()).paymentOverdue).toBe(true);
    await pay(id, 1_000n);
    expect((await first()).paymentOverdue).toBe(false);
  });
});

describe('a provider’s payment', () => {
  it('is counted once however often it is told, and taken back when it bounces', async () => {
    const { id } = await bill(world, customerId, 1_000n);
    const told = () =>
      inside(world, (ctx) =>
        record(ctx, {
          invoiceId: id,
          amountMinor: 1_000n,
          kind: 'provider',
          providerCode: 'stripe',
          providerPaymentId: 'pi_1',
        }),
      );
    const [payment] = [await told(), await told()];
    expect(await first()).toMatchObject({ paymentStatus: 'succeeded', totalPaidAmountMinor: 1_000n });
    await inside(world, (ctx) => setPaymentStatus(ctx, payment.id, 'failed'));
    expect(await first()).toMatchObject({ paymentStatus: 'failed', totalPaidAmountMinor: 0n });
    await world.move('2026-03-03T00:00:00Z');
    expect((await first()).paymentOverdue).toBe(true);
  });
});

describe('an invoice', () => {
  it('is marked paid by hand without money, and keeps at most five notes', async () => {
    const { id } = await bill(world, customerId, 1_000n);
    const metadata = [{ key: 'PO', value: '7' }];
    await world.run(updateInvoiceCommand, { id, payment_status: 'succeeded', metadata });
    expect(await first()).toMatchObject({ paymentStatus: 'succeeded', totalPaidAmountMinor: 0n });
    const six = Array.from({ length: 6 }, (_, index) => ({ key: `k${index}`, value: 'v' }));
    await expect(world.run(updateInvoiceCommand, { id, metadata: six })).rejects.toMatchObject({
      failure: { fields: { metadata: ['invalid_count'] } },
    });
  });

  it('is no longer chased after a lost dispute', async () => {
    const { id } = await bill(world, customerId, 1_000n);
    await world.run(loseDispute, { id });
    await world.move('2026-03-03T00:00:00Z');
    expect(await first()).toMatchObject({ paymentOverdue: false });
    expect((await first()).paymentDisputeLostAt).not.toBeNull();
  });
});

describe('the ledger', () => {
  it('refuses an entry that does not balance and posts a fact once', async () => {
    const invoice = await bill(world, customerId, 1_000n);
    await expect(
      inside(world, (ctx) =>
        postEntry(ctx, {
          sourceType: 'invoice',
          sourceId: invoice.id,
          entry: 'wrong',
          customerId,
          occurredAt: ctx.now,
          lines: [
            { account: 'receivable', amountMinor: 100n, currency: 'USD' },
            { account: 'revenue', amountMinor: -99n, currency: 'USD' },
          ],
        }),
      ),
    ).rejects.toThrow('off by 1 USD');
    expect(await inside(world, (ctx) => invoicesFinalized(ctx, [invoice]))).toEqual([null]);
  });
});
