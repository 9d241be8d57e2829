import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newId } from '@/db/ids';
import { withTenant } from '@/db/tenancy';
import { activity } from '@/lib/queries/console/activity';
import { approvalRequestsList, givenBefore } from '@/lib/queries/console/approvals';
import type { Actor } from '../core/command';
import { grantCreditsCommand } from '../credits/grant';
import { expectSoundBooks } from '../testing/money';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { decideApproval } from './decide';
import { freshFigures } from './figures';

let world: Sandbox;
let customerId: string;
let support: Actor;
let founder: Actor;
let count = 0;

beforeAll(async () => {
  world = await openSandbox('2026-03-01T00:00:00Z');
  await world.plan('crew');
});
beforeEach(async () => {
  count += 1;
  customerId = await world.customer(`customer-${count}`);
  await world.subscribe(customerId, 'crew');
  support = world.person(['support'], 'Kofi');
  founder = world.person(['founder'], 'Tomas');
});
afterAll(() => world.close());

const read = <T>(work: Parameters<typeof withTenant<T>>[2]) =>
  withTenant(world.databases, world.organizationId, work);
const caller = (actor: Actor) => ({ organizationId: world.organizationId, actor });

/** Kofi asks for $750.00 of credits, which is over his limit. */
async function ask(key?: string): Promise<string> {
  const input = { customerId, amountMinor: '75000', currency: 'USD', expiresAt: null };
  const preview = await world.preview(support, 'credits/grant', input);
  const answer = await world.apply(support, preview, input, key);
  if (answer.ok || !('approvalId' in answer)) throw new Error('it was not sent for approval');
  return answer.approvalId;
}

const decide = (actor: Actor, approvalId: string, token: string | null, decision: 'approve' | 'decline') =>
  decideApproval(world.databases, { ...caller(actor), approvalId, decision, token, note: null });

async function tokenFor(actor: Actor, approvalId: string): Promise<string> {
  const fresh = await freshFigures(world.databases, caller(actor), approvalId);
  if (!fresh.ok) throw new Error(fresh.message);
  return fresh.preview.token;
}

it('keeps the figures it was asked with, and approves exactly what the approver saw', async () => {
  const approvalId = await ask();
  const list = await read((tx) => approvalRequestsList(tx, world.organizationId));
  expect(list[0]).toMatchObject({
    id: approvalId,
    amountMinor: '75000',
    figures: {
      before: { creditsMinor: '0' },
      after: { creditsMinor: '75000', nextBills: [{ totalMinor: '0' }, {}, {}] },
      givenAwayMinor: '75000',
    },
  });
  expect(list[0]?.figures).not.toHaveProperty('token');
  expect(await decide(founder, approvalId, null, 'approve')).toMatchObject({ ok: false, kind: 'conflict' });
  const token = await tokenFor(founder, approvalId);
  expect(await decide(founder, approvalId, token, 'approve')).toMatchObject({ ok: true });
  const [done] = (await read((tx) => activity(tx, world.organizationId, {}))).rows;
  expect(done).toMatchObject({ actorName: 'Tomas', askedBy: 'Kofi', amountMinor: '75000' });
  expect(await read((tx) => givenBefore(tx, world.organizationId, customerId))).toMatchObject([
    { amountMinor: '75000', actorName: 'Tomas' },
  ]);
  expect(await decide(founder, approvalId, token, 'approve')).toMatchObject({ ok: false, kind: 'conflict' });
  await expectSoundBooks(world);
});

it('is asked once, however often the button is pressed', async () => {
  const key = newId();
  expect(await ask(key)).toBe(await ask(key));
});

it('approves nothing when the figures have moved, or belong to somebody else', async () => {
  const approvalId = await ask();
  const token = await tokenFor(founder, approvalId);
  const other = world.person(['founder'], 'Helene');
  expect(await decide(other, approvalId, token, 'approve')).toMatchObject({ ok: false, kind: 'conflict' });
  await world.run(grantCreditsCommand, { customerId, amountMinor: '6000', currency: 'USD', expiresAt: null });
  expect(await decide(founder, approvalId, token, 'approve')).toMatchObject({
    ok: false,
    message: expect.stringContaining('Something moved'),
  });
  expect(await decide(founder, approvalId, await tokenFor(founder, approvalId), 'approve')).toMatchObject({
    ok: true,
  });
});

it('is decided by nobody who asked or may not, and declining changes nothing', async () => {
  const approvalId = await ask();
  expect(await decide(support, approvalId, null, 'decline')).toMatchObject({ ok: false, kind: 'forbidden' });
  expect(await decide(founder, approvalId, null, 'decline')).toMatchObject({ ok: true });
  expect(await read((tx) => givenBefore(tx, world.organizationId, customerId))).toEqual([]);
});
