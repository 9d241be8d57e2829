import { afterAll, beforeAll, expect, it } from 'vitest';
import { withTenant } from '@/db/tenancy';
import { grantCreditsCommand } from '@/lib/commands/credits/grant';
import { openSandbox, type Sandbox } from '@/lib/commands/testing/sandbox';
import { INVARIANTS } from '../books';
import { accountTotals } from './books';

let world: Sandbox;

beforeAll(async () => {
  world = await openSandbox('2026-03-01T00:00:00Z');
});
afterAll(() => world.close());

const totals = () =>
  withTenant(world.databases, world.organizationId, (tx) => accountTotals(tx, world.organizationId));

it('has two equal sides, and the documents say the same', async () => {
  expect(await totals()).toEqual([]);
  await world.plan('crew');
  const customerId = await world.customer('ines');
  await world.subscribe(customerId, 'crew');
  await world.run(grantCreditsCommand, { customerId, amountMinor: '5000', currency: 'USD', expiresAt: null });
  await world.move('2026-04-02T00:00:00Z');
  const rows = await totals();
  const balance = (kind: string) => rows.find((row) => row.kind === kind)?.balanceMinor;
  // Two bills of $140.00, the second one paid in part with $50.00 of free credits.
  expect(balance('receivable')).toBe('23000');
  expect(balance('free_credit_liability')).toBe('0');
  expect(rows.reduce((sum, row) => sum + BigInt(row.balanceMinor), 0n)).toBe(0n);
  const told = rows.filter((row) => row.documentsMinor !== null);
  expect(told.map(({ kind }) => kind)).toContain('receivable');
  expect(told.filter((row) => row.documentsMinor !== row.balanceMinor)).toEqual([]);
});

it('gives every check a name of its own', () => {
  expect(new Set(INVARIANTS.map(({ name }) => name)).size).toBe(INVARIANTS.length);
});
