import { and, asc, eq } from 'drizzle-orm';
import { expect } from 'vitest';
import type { Tx } from '@/db/clients';
import { invoices, wallets, walletTransactions } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import type { OneOffItemFacts } from '@/lib/billing/invoice/facts';
import { itemFees } from '@/lib/billing/invoice/fees/item-fees';
import type { BillingContext } from '@/lib/invoicing/context';
import { lockCustomer } from '@/lib/invoicing/customers';
import { issueInvoice } from '@/lib/invoicing/issue';
import { checkBooks } from '@/lib/queries/books';
import { reproducePeriod } from '@/lib/queries/reproduce/reproduce';
import { readClock } from '@/lib/schedule/clock';
import type { Sandbox } from './sandbox';

/** Runs `work` in one transaction of the sandbox on its clock. For tests only. */
export function inside<T>(world: Sandbox, work: (ctx: BillingContext, tx: Tx) => Promise<T>): Promise<T> {
  const { databases, organizationId } = world;
  return withTenant(databases, organizationId, async (tx) => {
    const { now } = await readClock(tx, organizationId);
    return work({ tx, organizationId, now, mode: 'apply' }, tx);
  });
}

/** Nothing is wrong with the sandbox's books, and every issued invoice comes out the same from its stored facts. */
export async function expectSoundBooks(world: Sandbox): Promise<void> {
  expect(await inside(world, (ctx, tx) => checkBooks(tx, ctx.organizationId))).toEqual([]);
  const again = await inside(world, (ctx, tx) => reproducePeriod(tx, ctx.organizationId));
  expect(again.different).toEqual([]);
}

function item(amountMinor: bigint): OneOffItemFacts {
  return {
    kind: 'add_on',
    itemId: '00000000-0000-7000-8000-000000000001',
    code: 'work',
    name: 'Work',
    description: null,
    displayName: null,
    units: '1',
    unitAmountMinor: amountMinor,
    taxes: [],
    from: null,
    to: null,
  };
}

/**
 * A finished bill of one line that coupons, credit notes and credits may pay. `lock` false leaves out the customer's lock
 * that every real door takes, so that only the guards of the rows themselves are left.
 */
export function bill(
  world: Sandbox,
  customerId: string,
  amountMinor: bigint,
  { lock = true, currency = 'USD' }: { lock?: boolean; currency?: string } = {},
): Promise<typeof invoices.$inferSelect> {
  return inside(world, async (ctx, tx) => {
    if (lock) await lockCustomer(ctx, customerId);
    const { invoiceId } = await issueInvoice(ctx, {
      customerId,
      type: 'subscription',
      given: itemFees({ items: [item(amountMinor)], currency }),
      currency,
      billedAt: ctx.now,
      recurring: false,
      immediate: true,
    });
    const [row] = await tx.select().from(invoices).where(eq(invoices.id, invoiceId));
    if (!row) throw new Error('no invoice was made');
    return row;
  });
}

/** A customer's wallets with their movements, oldest first. */
export function walletsOf(world: Sandbox, customerId: string) {
  return inside(world, async (ctx, tx) => {
    const rows = await tx
      .select()
      .from(wallets)
      .where(and(eq(wallets.organizationId, ctx.organizationId), eq(wallets.customerId, customerId)))
      .orderBy(asc(wallets.createdAt), asc(wallets.id));
    const movements = await tx
      .select()
      .from(walletTransactions)
      .where(eq(walletTransactions.customerId, customerId))
      .orderBy(asc(walletTransactions.createdAt), asc(walletTransactions.id));
    return rows.map((wallet) => ({
      ...wallet,
      movements: movements.filter((movement) => movement.walletId === wallet.id),
    }));
  });
}
