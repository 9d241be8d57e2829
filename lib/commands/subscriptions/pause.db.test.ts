import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@/db/ids';
import { creditNotes, subscriptions } from '@/db/schema';
import { undoAct } from '../core/undo';
import { bill, expectSoundBooks, inside } from '../testing/money';
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

  it('is not taken back once it was resumed, nor resumed a second time', async () => {
    const { support, subscriptionId, customerId } = await onPaid('echo');
    const paused = await act(support, 'subscriptions/pause', { subscriptionId });
    const resumed = await act(support, 'subscriptions/resume', { subscriptionId });
    expect(await undo(paused, support)).toMatchObject({ ok: false, kind: 'conflict' });

    const successor = await activeOf(customerId);
    const again = await act(support, 'subscriptions/pause', { subscriptionId: successor });
    // The second pause stands on the resumption, so that goes last.
    expect(await undo(resumed, support)).toMatchObject({ ok: false, kind: 'conflict' });
    await expect(world.preview(support, 'subscriptions/resume', { subscriptionId })).rejects.toThrow(
      'not paused',
    );
    expect(await undo(again, support)).toMatchObject({ ok: true });
    expect(await undo(resumed, support)).toMatchObject({ ok: true });
    expect(await undo(paused, support)).toMatchObject({ ok: true });
    expect(await activeOf(customerId)).toBe(subscriptionId);
    await expectSoundBooks(world);
  });

  it('takes back its own credit only, and none that a bill has used', async () => {
    const { support, subscriptionId, customerId } = await onPaid('foxtrot');
    const other = await world.subscribe(customerId, 'paid', { externalId: 'foxtrot-2' });
    const paused = await act(support, 'subscriptions/pause', { subscriptionId });
    const second = await act(support, 'subscriptions/pause', { subscriptionId: other });
    expect(await undo(paused, support)).toMatchObject({ ok: true });
    expect(await creditOf(customerId)).toBe(31_000n);

    await bill(world, customerId, 5_000n);
    expect(await undo(second, support)).toMatchObject({ ok: false, kind: 'conflict' });
    expect(await creditOf(customerId)).toBe(26_000n);
    await expectSoundBooks(world);
  });

  it('can be taken back while the bill it credits is still a draft', async () => {
    const support = world.person(['support']);
    const customerId = await world.customer('golf', { invoice_grace_period: 5 });
    const subscriptionId = await world.subscribe(customerId, 'paid');
    const paused = await act(support, 'subscriptions/pause', { subscriptionId });
    expect(await undo(paused, support)).toMatchObject({ ok: true });
    expect(await activeOf(customerId)).toBe(subscriptionId);
  });

  it('is not taken back across a bill that rests on it', async () => {
    await world.move('2026-12-01T03:57:00Z');
    const { support, subscriptionId } = await onPaid('hotel');
    await act(support, 'subscriptions/pause', { subscriptionId });
    const resumed = await act(support, 'subscriptions/resume', { subscriptionId });
    await world.move('2026-12-01T04:02:00Z');
    expect(await undo(resumed, support)).toMatchObject({ ok: false, kind: 'conflict' });
    await expectSoundBooks(world);
  });
});

async function onPaid(externalId: string) {
  const support = world.person(['support']);
  const customerId = await world.customer(externalId);
  return { support, customerId, subscriptionId: await world.subscribe(customerId, 'paid') };
}

/** Does an act through its preview and answers its entry in the history. */
async function act(actor: ReturnType<Sandbox['person']>, command: string, input: unknown): Promise<string> {
  const answer = await world.apply(actor, await world.preview(actor, command, input), input);
  if (!answer.ok) throw new Error(answer.message);
  return answer.auditRowId;
}

async function activeOf(customerId: string): Promise<string> {
  const rows = await inside(world, (_, tx) =>
    tx
      .select({ id: subscriptions.id })
      .from(subscriptions)
      .where(and(eq(subscriptions.customerId, customerId), eq(subscriptions.status, 'active'))),
  );
  return rows.map(({ id }) => id).join();
}

async function creditOf(customerId: string): Promise<bigint> {
  const rows = await inside(world, (_, tx) =>
    tx.select().from(creditNotes).where(eq(creditNotes.customerId, customerId)),
  );
  return rows.reduce((sum, note) => sum + note.balanceAmountMinor, 0n);
}

describe('a bill that is made again and held (12.6)', () => {
  it('leaves with the lines that were chosen, and not with what would be billed today', async () => {
    const { finance, customerId, again } = await billedAgain('india');
    const held = (await world.invoices(customerId)).at(-1)!;
    expect(held).toMatchObject({ status: 'draft', totalAmountMinor: 20_000n });
    await later(11);
    const left = (await world.invoices(customerId)).at(-1)!;
    expect(left).toMatchObject({ id: held.id, status: 'finalized', totalAmountMinor: 20_000n });
    expect(left.lines.map(({ originalFeeId }) => originalFeeId)).toEqual(
      held.lines.map(({ originalFeeId }) => originalFeeId),
    );
    expect(held.lines[0]!.originalFeeId).not.toBeNull();
    expect(await undo(again, finance)).toMatchObject({ ok: false, kind: 'conflict' });
    await expectSoundBooks(world);
  });

  it('can be taken back while it is held, and made again', async () => {
    const { finance, customerId, voidedId, again } = await billedAgain('juliet');
    expect(await undo(again, finance)).toMatchObject({ ok: true, title: 'Take back billing it again' });
    expect((await world.invoices(customerId)).map(({ status }) => status)).toEqual(['voided', 'deleted']);
    await act(finance, 'invoices/regenerate', { id: voidedId });
    await later(11);
    expect((await world.invoices(customerId)).at(-1)).toMatchObject({
      status: 'finalized',
      voidedInvoiceId: voidedId,
    });
    await expectSoundBooks(world);
  });

  it('gives back the unused days of a pause in the meantime', async () => {
    const { finance, customerId, subscriptionId, again } = await billedAgain('kilo');
    const pause = { subscriptionId };
    const support = world.person(['support']);
    const ahead = await world.preview(support, 'subscriptions/pause', pause);
    // No day of December was served: all that the new bill asks comes back.
    expect(ahead.after.noteCreditMinor).toBe('20000');
    await act(support, 'subscriptions/pause', pause);
    // The pause stands on the bill.
    expect(await undo(again, finance)).toMatchObject({ ok: false, kind: 'conflict' });
    await later(11);
    expect(await creditOf(customerId)).toBe(20_000n);
    await expectSoundBooks(world);
  });
});

/** A paid plan's bill, cancelled and made again for $200, held. */
async function billedAgain(externalId: string) {
  const { customerId, subscriptionId } = await onPaid(externalId);
  const finance = world.person(['finance']);
  const first = (await world.invoices(customerId))[0]!;
  await act(finance, 'invoices/void', { id: first.id });
  const line = first.lines[0]!;
  const again = await act(finance, 'invoices/regenerate', {
    id: first.id,
    fees: [{ fee_id: line.id, units: '1', unit_precise_amount: '200' }],
  });
  return { finance, customerId, subscriptionId, voidedId: first.id, again };
}

async function later(minutes: number): Promise<void> {
  const now = await inside(world, async (ctx) => ctx.now);
  await world.move(new Date(now + minutes * 60_000).toISOString());
}
