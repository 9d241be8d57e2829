import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAddOn } from '@/lib/commands/add-ons/create';
import { applyCoupon } from '@/lib/commands/coupons/apply';
import { createCoupon } from '@/lib/commands/coupons/create';
import { createOneOffInvoice } from '@/lib/commands/invoices/create-one-off';
import { createTax } from '@/lib/commands/taxes/create';
import { expectSoundBooks, inside } from '@/lib/commands/testing/money';
import { openSandbox, type Sandbox } from '@/lib/commands/testing/sandbox';
import { createWallet } from '@/lib/commands/wallets/create';
import { reproduceInvoice, reproducePeriod } from './reproduce';
import { rerunPeriod } from './rerun';

let world: Sandbox;
let owner: postgres.Sql;
beforeAll(async () => {
  world = await openSandbox('2024-01-15T09:00:00Z');
  owner = postgres(world.ownerUrl, { max: 1, onnotice: () => undefined });
  const customerId = await world.customer('c1');
  await world.run(createTax, { name: 'VAT', code: 'vat', rate: '8.875', applied_to_organization: true });
  await world.run(createCoupon, {
    name: 'Third',
    code: 'third',
    coupon_type: 'percentage',
    percentage_rate: '33.33333',
    frequency: 'forever',
    expiration: 'no_expiration',
  });
  await world.run(applyCoupon, { external_customer_id: 'c1', coupon_code: 'third' });
  await world.run(createWallet, {
    external_customer_id: 'c1',
    currency: 'USD',
    rate_amount: '0.07',
    granted_credits: '500',
    paid_credits: '333.3333',
  });
  await world.plan('crew', { amount_cents: 9_999 });
  await world.plan('late', { amount_cents: 777, pay_in_advance: false });
  await world.subscribe(customerId, 'crew');
  await world.subscribe(customerId, 'late', { externalId: 'late-1' });
  await world.run(createAddOn, {
    name: 'Setup',
    code: 'setup',
    amount_cents: 10_001,
    amount_currency: 'USD',
  });
  await world.run(createOneOffInvoice, {
    external_customer_id: 'c1',
    currency: 'USD',
    fees: [{ add_on_code: 'setup', units: '1.5' }],
  });
  await world.move('2024-04-02T00:00:00Z');
});
afterAll(async () => {
  await owner.end();
  await world.close();
});

const year = { from: Date.parse('2024-01-01T00:00:00Z'), to: Date.parse('2025-01-01T00:00:00Z') };

describe('issued invoices worked out again', () => {
  it('come out the same to the last decimal, whatever lowered them', async () => {
    const again = await inside(world, (ctx, tx) => reproducePeriod(tx, ctx.organizationId));
    expect(again).toEqual({ invoices: 6, different: [] });
    await expectSoundBooks(world);
  });

  it('find nothing to do when a whole period runs again', async () => {
    const again = await inside(world, (ctx, tx) => rerunPeriod(tx, ctx.organizationId, year, ctx.now));
    expect(again).toMatchObject({ invoices: 6, billingDays: 6, missing: [], nothingToDo: true });
  });

  it('show a billing day that never fell due', async () => {
    const missed = await inside(world, async (ctx, tx) => {
      await tx.execute(
        sql`update due_items set canceled_at = now() where kind = 'subscription.bill' and key = '2024-03-01'`,
      );
      const found = await rerunPeriod(tx, ctx.organizationId, year, ctx.now);
      await tx.execute(
        sql`update due_items set canceled_at = null where kind = 'subscription.bill' and key = '2024-03-01'`,
      );
      return found;
    });
    expect(missed.nothingToDo).toBe(false);
    expect(missed.missing.map(({ billingDay }) => billingDay)).toEqual(['2024-03-01', '2024-03-01']);
  });

  it('name the figure that was changed behind the product’s back', async () => {
    const invoice = (await inside(world, (ctx, tx) => reproducePeriod(tx, ctx.organizationId))).invoices;
    expect(invoice).toBe(6);
    const [one] = await owner<{ id: string }[]>`
      select id from invoices where invoice_type = 'subscription' order by created_at, id limit 1`;
    const id = one!.id;
    const tampered = async (statement: string) => {
      await owner.unsafe(
        `set session_replication_role = replica; ${statement}; set session_replication_role = origin`,
      );
      return inside(world, (ctx, tx) => reproduceInvoice(tx, ctx.organizationId, id));
    };
    expect(
      await tampered(
        `update fees set precise_amount_minor = precise_amount_minor + 0.000000000000001 where invoice_id = '${id}'`,
      ),
    ).toMatchObject({ same: false, obstacle: null, differences: [{ where: 'lines[0].preciseAmountMinor' }] });
    expect(
      await tampered(
        `update fees set precise_amount_minor = precise_amount_minor - 0.000000000000001 where invoice_id = '${id}'`,
      ),
    ).toMatchObject({ same: true });
    expect(
      await tampered(
        `update invoice_facts set facts = replace(facts, '9999', '9998') where invoice_id = '${id}'`,
      ),
    ).toMatchObject({ same: false, obstacle: 'facts_changed' });
    await tampered(
      `update invoice_facts set facts = replace(facts, '9998', '9999') where invoice_id = '${id}'`,
    );
  });
});
