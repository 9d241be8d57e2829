import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@/db/ids';
import { undoAct } from '../core/undo';
import { expectSoundBooks } from '../testing/money';
import { openSandbox, type Sandbox } from '../testing/sandbox';

let world: Sandbox;

beforeAll(async () => {
  world = await openSandbox('2026-10-13T09:24:00Z', 'America/Halifax');
  await world.plan('paid', { amount_cents: 31_000 });
});
afterAll(() => world.close());

const undo = (auditRowId: string, actor: ReturnType<Sandbox['person']>) =>
  undoAct(world.databases, auditRowId, {
    organizationId: world.organizationId,
    actor,
    idempotencyKey: newId(),
  });

describe('pausing and resuming (3.4, 4.4)', () => {
  it('shows the figures first, holds its invoices and can be taken back', async () => {
    const support = world.person(['support']);
    const customerId = await world.customer('drift');
    const subscriptionId = await world.subscribe(customerId, 'paid');
    const pause = { subscriptionId };
    const ahead = await world.preview(support, 'subscriptions/pause', pause);
    expect(ahead.title).toBe('Pause paid');
    expect(ahead.undo.class).toBe('held');
    expect(ahead.after.nextBills).toEqual([]);
    const paused = await world.apply(support, ahead, pause);
    expect(paused).toMatchObject({ ok: true });
    if (!paused.ok) return;
    expect(await undo(paused.auditRowId, support)).toMatchObject({ ok: true, title: 'Take the pause back' });

    const again = await world.preview(support, 'subscriptions/pause', pause);
    // Nothing of the pause that was taken back is left: the next bill is whole.
    expect(again.before.nextBills[0]?.totalMinor).toBe('31000');
    expect(await world.apply(support, again, pause)).toMatchObject({ ok: true });
    await world.move('2026-10-22T12:00:00Z');
    const resume = { subscriptionId };
    const back = await world.preview(support, 'subscriptions/resume', resume);
    // 10 of 31 days from the 22nd, paid from the 19 days that the pause on the 13th gave back.
    expect(back.title).toBe('Resume paid');
    expect(back.dueNow.totalMinor).toBe('0');
    const resumed = await world.apply(support, back, resume);
    expect(resumed).toMatchObject({ ok: true });
    if (!resumed.ok) return;
    expect(await undo(resumed.auditRowId, support)).toMatchObject({
      ok: true,
      title: 'Take the resumption back',
    });
    const once = await world.preview(support, 'subscriptions/resume', resume);
    expect(await world.apply(support, once, resume)).toMatchObject({ ok: true });
    await world.move('2026-11-01T12:00:00Z');
    // November less the nine days left of the credit: 31 000 − (19 − 10) × 1 000.
    const last = (await world.invoices(customerId)).at(-1);
    expect(last).toMatchObject({ status: 'finalized', totalAmountMinor: 22_000n });
    await expectSoundBooks(world);
  });
});
