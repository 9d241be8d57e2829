import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withSystem, withTenant } from '@/db/tenancy';
import { createTax } from '../taxes/create';
import { bill, inside } from '../testing/money';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { voidInvoice } from './void';

let world: Sandbox;
let invoiceId: string;
beforeAll(async () => {
  world = await openSandbox('2024-03-01T09:00:00Z');
  const customerId = await world.customer('c1');
  await world.run(createTax, { name: 'VAT', code: 'vat', rate: '20', applied_to_organization: true });
  invoiceId = (await bill(world, customerId, 5_000n)).id;
});
afterAll(() => world.close());

const onInvoice = {
  'change its total': sql`update invoices set total_amount_minor = total_amount_minor - 1`,
  'change its number': sql`update invoices set number = 'X-1'`,
  'make a draft of it': sql`update invoices set status = 'draft'`,
  'change a line': sql`update fees set amount_minor = 1`,
  'give a line away': sql`update fees set invoice_id = null`,
  'remove a line': sql`delete from fees`,
  'change a tax': sql`update invoice_taxes set amount_minor = 1`,
  'remove a tax of a line': sql`delete from fee_taxes`,
  'change its facts': sql`update invoice_facts set facts = '{}'`,
  'remove its facts': sql`delete from invoice_facts`,
  'remove it': sql`delete from invoices`,
  'add a line': sql`insert into fees (organization_id, id, invoice_id, customer_id, fee_type, item_code, item_name,
      currency, units, amount_minor, precise_amount_minor, unit_amount_minor, precise_unit_amount, created_at)
    select organization_id, gen_random_uuid(), invoice_id, customer_id, fee_type, item_code, item_name,
      currency, units, amount_minor, precise_amount_minor, unit_amount_minor, precise_unit_amount, created_at from fees`,
};

describe('an issued invoice', () => {
  it.each(Object.entries(onInvoice))('lets neither role of a running server %s', async (_, statement) => {
    const stands = { cause: { code: expect.stringMatching(/^23001$/) } };
    await expect(
      withTenant(world.databases, world.organizationId, (tx) => tx.execute(statement)),
    ).rejects.toMatchObject(stands);
    await expect(withSystem(world.databases, (tx) => tx.execute(statement))).rejects.toMatchObject(stands);
  });

  it('can still be paid, noted and voided, but never taken back from the void', async () => {
    await inside(world, (_, tx) =>
      tx.execute(sql`update invoices set payment_status = 'failed', metadata = '[]', payment_overdue = true`),
    );
    await inside(world, (_, tx) => tx.execute(sql`update fees set payment_status = 'failed'`));
    await world.run(voidInvoice, { id: invoiceId });
    await expect(
      inside(world, (_, tx) => tx.execute(sql`update invoices set status = 'finalized'`)),
    ).rejects.toMatchObject({ cause: { code: '23001' } });
  });
});
