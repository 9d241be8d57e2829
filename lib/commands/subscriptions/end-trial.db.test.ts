import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@/db/ids';
import { undoAct } from '../core/undo';
import { openSandbox, type Sandbox } from '../testing/sandbox';

let world: Sandbox;

beforeAll(async () => {
  world = await openSandbox('2026-10-13T09:24:00Z', 'America/Halifax');
  await world.plan('crew', { amount_cents: 31_000, trial_period: '30' });
});
afterAll(() => world.close());

describe('ending a trial now (3.3)', () => {
  it('bills the days left from today, holds the invoice and puts the trial back', async () => {
    const support = world.person(['support']);
    const customerId = await world.customer('saltmarsh');
    const subscriptionId = await world.subscribe(customerId, 'crew');
    const input = { subscriptionId };
    const preview = await world.preview(support, 'subscriptions/end-trial', input);
    // 13 to 31 October: 19 of 31 days.
    expect(preview.dueNow.totalMinor).toBe('19000');
    const ended = await world.apply(support, preview, input);
    expect(ended).toMatchObject({ ok: true });
    if (!ended.ok) return;
    const undone = await undoAct(world.databases, ended.auditRowId, {
      organizationId: world.organizationId,
      actor: support,
      idempotencyKey: newId(),
    });
    expect(undone).toMatchObject({ ok: true, title: 'Put the trial back' });
    const again = await world.preview(support, 'subscriptions/end-trial', input);
    expect(again.before.trial?.lastFreeDay).toBe('2026-11-11');
    expect(await world.apply(support, again, input)).toMatchObject({ ok: true });
    await world.move('2026-11-01T12:00:00Z');
    const totals = (await world.invoices(customerId)).map(({ status, totalAmountMinor }) => [
      status,
      totalAmountMinor,
    ]);
    expect(totals).toEqual(
      expect.arrayContaining([
        ['finalized', 19_000n],
        ['finalized', 31_000n],
      ]),
    );
  });
});
