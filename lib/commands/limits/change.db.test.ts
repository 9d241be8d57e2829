import { afterAll, beforeAll, expect, it } from 'vitest';
import { withTenant } from '@/db/tenancy';
import { readLimits } from '@/lib/auth/limits';
import { activity } from '@/lib/queries/console/activity';
import { undoAct } from '../core/undo';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { changeLimit } from './change';

let world: Sandbox;

beforeAll(async () => {
  world = await openSandbox('2026-03-01T00:00:00Z');
});
afterAll(() => world.close());

const credits = async () =>
  (await withTenant(world.databases, world.organizationId, (tx) => readLimits(tx, world.organizationId)))
    .support.credits?.perAct;
const change = { role: 'support', act: 'credits', figure: 'perAct', value: '75000', was: '50000' };

it('is changed by founders only, holds at once, and is taken back as it was', async () => {
  const founder = world.person(['founder'], 'Tomas');
  await expect(world.run(changeLimit, change, world.person(['finance']))).rejects.toMatchObject({
    failure: { kind: 'forbidden' },
  });
  const support = world.person(['support']);
  const customerId = await world.customer('ines');
  const input = { customerId, amountMinor: '60000', currency: 'USD', expiresAt: null };
  expect((await world.preview(support, 'credits/grant', input)).limit.within).toBe(false);
  await world.run(changeLimit, change, founder);
  expect(await credits()).toBe(75_000n);
  expect((await world.preview(support, 'credits/grant', input)).limit.within).toBe(true);

  await expect(world.run(changeLimit, change, founder)).rejects.toMatchObject({
    failure: { kind: 'conflict' },
  });
  const [row] = (
    await withTenant(world.databases, world.organizationId, (tx) => activity(tx, world.organizationId, {}))
  ).rows;
  expect(row).toMatchObject({
    title: 'Change Support: free credits at a time to $750.00',
    actorName: 'Tomas',
  });
  const { organizationId } = world;
  const undone = await undoAct(world.databases, row?.id ?? '', {
    organizationId,
    actor: founder,
    idempotencyKey: 'undo-limit',
  });
  expect(undone).toMatchObject({ ok: true });
  expect(await credits()).toBe(50_000n);
});

it('adds what was given in a currency without cents at its value', async () => {
  const support = world.person(['support']);
  const customerId = await world.customer('yuki', { currency: 'JPY' });
  const give = { customerId, amountMinor: '400', currency: 'JPY', expiresAt: null };
  const within = async () => {
    const preview = await world.preview(support, 'credits/grant', give);
    const { ok } = await world.apply(support, preview, give);
    return preview.limit.within && ok;
  };
  // 1 000 for one customer in 30 days: the third 400 is over.
  expect([await within(), await within(), await within()]).toEqual([true, true, false]);
});

it('refuses what cannot be a limit', async () => {
  const founder = world.person(['founder']);
  for (const wrong of [
    { ...change, role: 'founder', was: null },
    { ...change, role: 'growth', was: null },
    { ...change, value: '-1' },
    { role: 'support', act: 'discount', figure: 'perAct', value: '10001', was: '2500' },
    { role: 'support', act: 'discount', figure: 'maxBills', value: '0', was: '3' },
  ]) {
    await expect(world.run(changeLimit, wrong, founder)).rejects.toMatchObject({
      failure: { kind: 'invalid' },
    });
  }
  await world.run(
    changeLimit,
    { role: 'support', act: 'discount', figure: 'maxBills', value: null, was: '3' },
    founder,
  );
});
