import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@/db/ids';
import { undoAct } from '../core/undo';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { previewCommand } from './preview';

let world: Sandbox;

beforeAll(async () => {
  world = await openSandbox('2026-10-13T09:24:00Z', 'America/Halifax');
  await world.plan('crew', { amount_cents: 14_000, trial_period: '30' });
  await world.plan('studio', { amount_cents: 64_000 });
  await world.plan('paid', { amount_cents: 14_000 });
});
afterAll(() => world.close());

describe('extending a trial', () => {
  it('moves the last free day to the end of a local day, shows the first bill and goes back', async () => {
    const support = world.person(['support']);
    const customerId = await world.customer('saltmarsh');
    const subscriptionId = await world.subscribe(customerId, 'crew', { billingTime: 'anniversary' });
    const input = { subscriptionId, lastFreeDay: '2026-11-25' };
    const preview = await world.preview(support, 'subscriptions/extend-trial', input);
    expect(preview.title).toBe('Extend trial by 14 days');
    expect(preview.before.trial).toEqual({ lastFreeDay: '2026-11-11', firstPaidDay: '2026-11-12' });
    expect(preview.after.trial).toEqual({ lastFreeDay: '2026-11-25', firstPaidDay: '2026-11-26' });
    expect(preview.dueNow.totalMinor).toBe('0');
    expect(preview.limit.within).toBe(true);
    const applied = await world.apply(support, preview, input);
    expect(applied).toMatchObject({ ok: true, title: 'Extend trial by 14 days' });
    if (!applied.ok) return;
    const again = await world.preview(support, 'subscriptions/extend-trial', {
      ...input,
      lastFreeDay: '2026-11-26',
    });
    expect(again.twin?.title).toBe('Extend trial by 14 days');
    const undone = await undoAct(world.databases, applied.auditRowId, {
      organizationId: world.organizationId,
      actor: support,
      idempotencyKey: newId(),
    });
    expect(undone).toMatchObject({ ok: true });
    const after = await world.preview(support, 'subscriptions/extend-trial', input);
    expect(after.before.trial?.lastFreeDay).toBe('2026-11-11');
    const statements: string[] = [];
    const counted = world.another({ logQuery: (query) => statements.push(query) });
    const { organizationId } = world;
    await previewCommand(counted, preview.command, { organizationId, actor: support, input });
    await counted.close();
    expect(statements.length).toBeLessThan(130);
  });

  it('explains a forbidden act, an act over the limit, and a day that has passed', async () => {
    const customerId = await world.customer('hexley');
    const subscriptionId = await world.subscribe(customerId, 'crew');
    const ask = (roles: Parameters<Sandbox['person']>[0], lastFreeDay: string) =>
      previewCommand(world.databases, 'subscriptions/extend-trial', {
        organizationId: world.organizationId,
        actor: world.person(roles),
        input: { subscriptionId, lastFreeDay },
      });
    expect(await ask(['engineer'], '2026-11-20')).toMatchObject({ ok: false, kind: 'forbidden' });
    expect(await ask(['support'], '2026-10-01')).toMatchObject({ ok: false, kind: 'invalid' });
    const over = await ask(['support'], '2026-12-31');
    expect(over.ok && over.preview.limit.within).toBe(false);
  });
});

/** What the world is to hear of a plan change, and whether it waits until the change can no longer be taken back. */
async function toldOfTheChange() {
  const rows = await world.databases.system.execute<{ type: string; waits: boolean; dropped: boolean }>(sql`
    select type, release_at = created_at + interval '10 minutes' as waits, canceled_at is not null as dropped
    from outbox where organization_id = ${world.organizationId}
      and type in ('credit_note.created', 'subscription.terminated') order by type`);
  return [...rows];
}

describe('changing the plan now', () => {
  it('bills the exact proration, holds the invoice and takes it all back', async () => {
    const support = world.person(['support']);
    const customerId = await world.customer('pylon');
    const subscriptionId = await world.subscribe(customerId, 'paid');
    // Paid in advance for 19 of October's 31 days: 14 000 × 19 / 31 = 8 580.65.
    expect((await world.invoices(customerId)).map((invoice) => invoice.totalAmountMinor)).toEqual([8_581n]);
    const input = { subscriptionId, planCode: 'studio', when: 'now' };
    const preview = await world.preview(support, 'subscriptions/change-plan', input);
    // 64 000 × 19 / 31 = 39 225.81; unused 14 000 × 19 / 31 comes back: 8 580.65, rounded on its own.
    expect(preview.dueNow.totalMinor).toBe('30645');
    expect(preview.title).toBe('Change to studio, charge $306.45');
    expect(preview.undo.class).toBe('held');
    const applied = await world.apply(support, preview, input);
    expect(applied).toMatchObject({ ok: true });
    if (!applied.ok) return;
    const held = (await world.invoices(customerId)).at(-1);
    expect(held).toMatchObject({ status: 'draft', number: null, totalAmountMinor: 30_645n });
    expect(await toldOfTheChange()).toEqual([
      { type: 'credit_note.created', waits: true, dropped: false },
      { type: 'subscription.terminated', waits: true, dropped: false },
    ]);
    const undone = await undoAct(world.databases, applied.auditRowId, {
      organizationId: world.organizationId,
      actor: support,
      idempotencyKey: newId(),
    });
    expect(undone).toMatchObject({ ok: true, title: 'Take the plan change back' });
    expect((await toldOfTheChange()).map(({ dropped }) => dropped)).toEqual([true, true]);
    const outlook = await world.preview(support, 'subscriptions/change-plan', input);
    expect(outlook.before.plan?.code).toBe('paid');
    // The credit of the change is gone with it: the next bill is whole again.
    expect(outlook.before.nextBills[0]?.totalMinor).toBe('14000');
    expect(outlook.dueNow.totalMinor).toBe('30645');
  });

  it('refuses a stale preview, acts once on a double click, and issues after the hold', async () => {
    const support = world.person(['support']);
    const customerId = await world.customer('skerry');
    const subscriptionId = await world.subscribe(customerId, 'paid');
    const input = { subscriptionId, planCode: 'studio', when: 'now' };
    const stale = await world.preview(support, 'subscriptions/change-plan', input);
    const grant = { customerId, amountMinor: '5000', currency: 'USD', expiresAt: null };
    const colleague = world.person(['support'], 'Pia');
    const gift = await world.preview(colleague, 'credits/grant', grant);
    expect(gift.title).toBe('Give $50.00 of credits');
    expect(await world.apply(colleague, gift, grant)).toMatchObject({ ok: true });
    const refused = await world.apply(support, stale, input);
    expect(refused).toMatchObject({ ok: false, kind: 'moved' });
    const fresh = await world.preview(support, 'subscriptions/change-plan', input);
    expect(fresh.dueNow.totalMinor).toBe('25645');
    const key = newId();
    const [first, second] = await Promise.all([
      world.apply(support, fresh, input, key),
      world.apply(support, fresh, input, key),
    ]);
    expect(first).toMatchObject({ ok: true });
    expect(second).toEqual(first);
    await world.move('2026-10-13T10:00:00Z');
    const issued = (await world.invoices(customerId)).at(-1);
    expect(issued).toMatchObject({
      status: 'finalized',
      totalAmountMinor: 25_645n,
      prepaidCreditAmountMinor: 5_000n,
    });
    expect(issued?.number).toMatch(/-002$/);
  });
});

describe('a discount', () => {
  it('lowers the next bill by exactly what the preview said', async () => {
    const support = world.person(['support']);
    const customerId = await world.customer('brindle');
    await world.subscribe(customerId, 'paid');
    const input = { customerId, percent: '20', bills: 2 };
    const preview = await world.preview(support, 'discounts/apply-discount', input);
    expect(preview.before.nextBills[0]?.totalMinor).toBe('14000');
    expect(preview.after.nextBills[0]?.totalMinor).toBe('11200');
    expect(preview.after.nextBills.map((bill) => bill.totalMinor)).toEqual(['11200', '11200', '14000']);
    expect(await world.apply(support, preview, input)).toMatchObject({ ok: true });
    await world.move('2026-11-01T12:00:00Z');
    expect((await world.invoices(customerId)).at(-1)?.totalAmountMinor).toBe(11_200n);
  });
});

describe('a bill between looking and doing', () => {
  it('asks to look again when it is the customer’s own, not anybody’s', async () => {
    const billed = await world.customer('billed');
    await world.subscribe(billed, 'paid', { billingTime: 'calendar' });
    const idle = await world.customer('idle');
    const founder = world.person(['founder']);
    await world.move('2026-12-01T03:58:00Z');
    const grant = (customerId: string) => ({
      customerId,
      amountMinor: '500',
      currency: 'USD',
      expiresAt: null,
    });
    const [first, second] = [
      await world.preview(founder, 'credits/grant', grant(billed)),
      await world.preview(founder, 'credits/grant', grant(idle)),
    ];
    await world.move('2026-12-01T04:01:00Z');
    expect(await world.apply(founder, first, grant(billed))).toMatchObject({ ok: false, kind: 'moved' });
    expect(await world.apply(founder, second, grant(idle))).toMatchObject({ ok: true });
  });
});
