import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Databases } from '@/db/clients';
import { runCommand } from '../core/execute';
import { grantCreditsCommand } from '../credits/grant';
import { voidGrant } from '../credits/void-grant';
import { voidInvoice } from '../invoices/void';
import { recordPayment } from '../payments/record';
import { bill, expectSoundBooks, inside, walletsOf } from '../testing/money';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { createWallet } from './create';
import { terminateWallet } from './terminate';
import { transactWallet } from './transact';
import { updateWallet } from './update';

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

const open = (values: Record<string, unknown> = {}) =>
  world.run(createWallet, {
    external_customer_id: 'c1',
    rate_amount: '1',
    currency: 'USD',
    name: 'Prepaid',
    ...values,
  });
const wallet = async (index = 0) => (await walletsOf(world, customerId))[index]!;
const give = (amountMinor: bigint, expiresAt: number | null = null) =>
  world.run(grantCreditsCommand, { customerId, amountMinor, currency: 'USD', expiresAt });

describe('free credits', () => {
  it('open a wallet, pay the next bill from two lots in order and leave the rest', async () => {
    await give(3_000n);
    await give(5_000n);
    const invoice = await bill(world, customerId, 6_000n);
    expect(invoice).toMatchObject({
      prepaidCreditAmountMinor: 6_000n,
      prepaidGrantedCreditAmountMinor: 6_000n,
      totalAmountMinor: 0n,
      paymentStatus: 'succeeded',
    });
    const { movements, balanceMinor } = await wallet();
    expect(balanceMinor).toBe(2_000n);
    expect(movements.map((row) => row.remainingAmountMinor)).toEqual([0n, 2_000n, null]);
  });

  it('are taken back as far as they are unused, once', async () => {
    const lot = await give(10_000n);
    await bill(world, customerId, 5_870n);
    const taken = await world.run(voidGrant, { lotId: lot.id });
    expect(taken.takenMinor).toBe(4_130n);
    expect((await wallet()).balanceMinor).toBe(0n);
    await expect(world.run(voidGrant, { lotId: lot.id })).rejects.toThrow('nothing to take back');
  });

  it('lapse on their own day and pay nothing from then on', async () => {
    await give(2_000n, Date.parse('2026-03-10T00:00:00Z'));
    await give(500n);
    await world.move('2026-03-10T00:00:00Z');
    expect((await wallet()).balanceMinor).toBe(500n);
    const invoice = await bill(world, customerId, 1_000n);
    expect(invoice.totalAmountMinor).toBe(500n);
    expect((await wallet()).movements.map((row) => row.transactionStatus)).toContain('expired');
  });

  it('come back as new free credits when the bill they paid is voided', async () => {
    await give(3_000n);
    const invoice = await bill(world, customerId, 2_500n);
    await world.run(voidInvoice, { id: invoice.id });
    const { balanceMinor, movements } = await wallet();
    expect(balanceMinor).toBe(3_000n);
    expect(movements.at(-1)).toMatchObject({
      transactionStatus: 'granted',
      voidedInvoiceId: invoice.id,
      remainingAmountMinor: 2_500n,
    });
  });
});

describe('bought credits', () => {
  it('are usable once their invoice is paid, whole', async () => {
    await open({ paid_credits: '17.9699999999999988631316' });
    const before = await wallet();
    const [purchase] = before.movements;
    expect(before.balanceMinor).toBe(0n);
    expect(purchase).toMatchObject({
      status: 'pending',
      transactionStatus: 'purchased',
      amountMinor: 1_797n,
    });
    const [invoice] = await world.invoices(customerId);
    expect(invoice).toMatchObject({ invoiceType: 'credit', status: 'finalized', totalAmountMinor: 1_797n });
    const pay = (amount: bigint) =>
      world.run(recordPayment, { invoice_id: invoice!.id, amount_cents: amount, reference: 'wire' });
    await expect(pay(1_000n)).rejects.toThrow('paid whole');
    await pay(1_797n);
    expect(await wallet()).toMatchObject({ balanceMinor: 1_797n, creditsBalance: '17.97' });
    const used = await bill(world, customerId, 1_000n);
    expect(used).toMatchObject({ prepaidPurchasedCreditAmountMinor: 1_000n, totalAmountMinor: 0n });
  });

  it('keep their invoice out of sight until it is paid where the wallet says so', async () => {
    await open({ paid_credits: '50', invoice_requires_successful_payment: true });
    const [hidden] = await world.invoices(customerId);
    expect(hidden).toMatchObject({ status: 'open', number: null });
    await world.run(recordPayment, { invoice_id: hidden!.id, amount_cents: 5_000n, reference: 'wire' });
    const [paid] = await world.invoices(customerId);
    expect(paid).toMatchObject({ status: 'finalized', paymentStatus: 'succeeded', sequentialId: 1 });
    expect((await wallet()).balanceMinor).toBe(5_000n);
  });

  it('respect the least and the most of one purchase', async () => {
    const { id } = await open({ paid_top_up_min_amount_cents: 1_000, paid_top_up_max_amount_cents: 5_000 });
    const buy = (paid_credits: string) => world.run(transactWallet, { wallet_id: id, paid_credits });
    await expect(buy('9.99')).rejects.toMatchObject({
      failure: { fields: { paid_credits: ['amount_below_minimum'] } },
    });
    await expect(buy('50.01')).rejects.toMatchObject({
      failure: { fields: { paid_credits: ['amount_above_maximum'] } },
    });
    expect(await buy('50')).toHaveLength(1);
  });
});

describe('a wallet', () => {
  it('is never drawn below zero by 64 takers at once', async () => {
    const { id } = await open({ granted_credits: '300' });
    const takers = Array.from({ length: 64 }, () =>
      world.run(transactWallet, { wallet_id: id, voided_credits: '10' }),
    );
    const results = await Promise.allSettled(takers);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(30);
    expect((await wallet()).balanceMinor).toBe(0n);
  });

  it('is drawn from together by acts that wait for it, each with its own key, audit row and answer', async () => {
    const { id } = await open({ granted_credits: '100' });
    const { organizationId, key: actor } = world;
    const seen: string[] = [];
    const here = world.another({ logQuery: (query) => seen.push(query) });
    const there = world.another();
    const take = (databases: Databases, idempotencyKey: string, credits = '10') =>
      runCommand(databases, transactWallet, {
        organizationId,
        actor,
        input: { wallet_id: id, voided_credits: credits } as never,
        idempotencyKey,
      });
    try {
      // Two more than it holds, one key twice in a group, one used for something else, and the same keys elsewhere.
      const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'a'];
      const [mine, other, theirs] = await Promise.all([
        Promise.all(keys.map((key) => take(here, key))),
        take(here, 'b', '5').catch((error: Error) => error),
        Promise.all(['a', 'b', 'c'].map((key) => take(there, key))),
      ]);
      expect(new Set(mine.map(([row]) => row?.id)).size).toBe(7);
      expect(mine.at(-1)?.[0]?.id).toBe(mine[0]?.[0]?.id);
      expect(theirs.map(([row]) => row?.id)).toEqual(mine.slice(0, 3).map(([row]) => row?.id));
      expect(other).toMatchObject({ failure: { kind: 'conflict', code: 'idempotency_key_reused' } });
      seen.length = 0;
      const last = await Promise.allSettled(['h', 'i', 'j', 'k'].map((key) => take(here, key)));
      expect(last.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
      expect(last[3]).toMatchObject({
        reason: { failure: { fields: { voided_credits: ['insufficient_credits'] } } },
      });
      expect(seen.length).toBeLessThan(12);
      await give(1_000n);
      await expect(take(here, 'k')).resolves.toHaveLength(1);
    } finally {
      await here.close();
      await there.close();
    }
    const { movements } = await wallet();
    expect(movements.filter((row) => row.transactionType === 'outbound')).toHaveLength(11);
    const [counted] = await inside(world, (_, tx) =>
      tx.execute(sql`
        select (select count(*)::int from audit_rows where command = 'wallets/transact') as acts,
               (select count(*)::int from idempotency_keys) as keys,
               (select count(*)::int from outbox o join wallet_transactions t on t.id = o.object_id
                where o.type = 'wallet_transaction.created' and t.transaction_type = 'outbound') as told`),
    );
    expect(counted).toEqual({ acts: 11, keys: 11, told: 11 });
  });

  it('pays no more than it holds when bills race for it without the customer’s lock', async () => {
    await give(1_000n);
    const races = await Promise.allSettled(
      Array.from({ length: 8 }, () => bill(world, customerId, 400n, { lock: false })),
    );
    const paid = races.flatMap((race) => (race.status === 'fulfilled' ? [race.value] : []));
    const used = paid.reduce((sum, invoice) => sum + invoice.prepaidCreditAmountMinor, 0n);
    expect(paid.length).toBeGreaterThan(0);
    expect((await wallet()).balanceMinor).toBe(1_000n - used);
    expect(used).toBeLessThanOrEqual(1_000n);
  });

  it('is lost with what it holds when it ends, by hand or by its day', async () => {
    const first = await open({ granted_credits: '20' });
    const second = await open({ granted_credits: '30', expiration_at: '2026-04-01T00:00:00Z' });
    expect(await world.run(terminateWallet, { wallet: { id: first.id } })).toMatchObject({
      status: 'terminated',
      balanceMinor: 2_000n,
    });
    await world.move('2026-04-01T00:00:00Z');
    expect(await wallet(1)).toMatchObject({ id: second.id, status: 'terminated' });
    expect((await bill(world, customerId, 900n)).totalAmountMinor).toBe(900n);
  });

  it('tops itself up on its rule’s days, never on its first', async () => {
    const { id } = await open({
      recurring_transaction_rules: [{ trigger: 'interval', interval: 'weekly', granted_credits: '10' }],
    });
    await world.move('2026-03-16T00:00:00Z');
    expect((await wallet()).balanceMinor).toBe(2_000n);
    await world.run(updateWallet, { wallet: { id }, changes: { recurring_transaction_rules: [] } });
    await world.move('2026-03-30T00:00:00Z');
    expect((await wallet()).balanceMinor).toBe(2_000n);
  });

  it('refuses a seventh, an unknown customer and a bad rule in Lago’s words', async () => {
    await expect(open({ external_customer_id: 'nobody' })).rejects.toMatchObject({
      failure: { fields: { customer: ['customer_not_found'] } },
    });
    await expect(open({ paid_credits: 'lots' })).rejects.toMatchObject({
      failure: { fields: { paid_credits: ['invalid_paid_credits', 'invalid_amount'] } },
    });
    for (let made = 0; made < 6; made++) await open();
    await expect(open()).rejects.toMatchObject({
      failure: { fields: { customer: ['wallet_limit_reached'] } },
    });
  });
});
