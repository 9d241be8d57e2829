import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@/db/ids';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { applyUndo, previewUndo } from './undo';

let world: Sandbox;

beforeAll(async () => {
  world = await openSandbox('2026-10-13T09:24:00Z', 'America/Halifax');
  await world.plan('crew', { amount_cents: 14_000, trial_period: '30' });
  await world.plan('paid', { amount_cents: 14_000 });
  await world.plan('solo', { amount_cents: 2_400 });
  await world.plan('studio', { amount_cents: 64_000 });
});
afterAll(() => world.close());

async function done(command: string, input: unknown, actor = world.person(['support'])) {
  const preview = await world.preview(actor, command, input);
  const answer = await world.apply(actor, preview, input);
  if (!answer.ok) throw new Error(answer.kind);
  return { actor, auditRowId: answer.auditRowId, preview };
}

const caller = (actor = world.person(['support'], 'Pia')) => ({
  organizationId: world.organizationId,
  actor,
});

async function shown(auditRowId: string, asked = caller()) {
  const answer = await previewUndo(world.databases, auditRowId, asked);
  if (!answer.ok) throw new Error(answer.message);
  return answer.preview;
}

describe('an undo that asks first', () => {
  it('shows what it does to the cent, with formatted days, and does exactly that once', async () => {
    const customerId = await world.customer('saltmarsh');
    const subscriptionId = await world.subscribe(customerId, 'crew', { billingTime: 'anniversary' });
    const act = await done('subscriptions/extend-trial', { subscriptionId, lastFreeDay: '2026-11-25' });
    // The line of the moved first bill names the days that are paid: 26 November to 12 December, 17 of 30.
    const [line] = act.preview.after.nextBills.at(-1)?.lines ?? [];
    expect(line?.kind).toBe('plan');
    const first = act.preview.after.nextBills.find(({ date }) => date === '2026-11-26');
    expect(first?.lines[0]).toMatchObject({
      label: 'crew, 26 Nov to 12 Dec',
      working: '17 of 30 days of $140.00',
    });
    const pia = caller();
    const preview = await shown(act.auditRowId, pia);
    expect(preview).toMatchObject({
      title: 'Put the last free day back to Wed 11 Nov 2026',
      before: { trial: { lastFreeDay: '2026-11-25' } },
      after: { trial: { lastFreeDay: '2026-11-11' } },
      undoes: { title: 'Extend trial by 14 days', own: false, actorName: 'Kofi' },
    });
    expect((await shown(act.auditRowId, caller(act.actor))).undoes?.own).toBe(true);
    // Asking changed nothing.
    expect((await shown(act.auditRowId, pia)).before.trial?.lastFreeDay).toBe('2026-11-25');
    const confirm = {
      auditRowId: act.auditRowId,
      token: preview.token,
      note: null,
      idempotencyKey: newId(),
    };
    const [one, two] = await Promise.all([
      applyUndo(world.databases, confirm, pia),
      applyUndo(world.databases, confirm, pia),
    ]);
    expect(one).toMatchObject({ ok: true, title: 'Put the last free day back to Wed 11 Nov 2026' });
    expect(two).toEqual(one);
    expect(await previewUndo(world.databases, act.auditRowId, pia)).toMatchObject({
      ok: false,
      kind: 'conflict',
    });
  });

  it('does nothing when the figures moved, with another’s token, and without the right', async () => {
    const customerId = await world.customer('hexley');
    await world.subscribe(customerId, 'paid');
    const grant = { customerId, amountMinor: '5000', currency: 'USD', expiresAt: null };
    const act = await done('credits/grant', grant);
    const pia = caller();
    const stale = await shown(act.auditRowId, pia);
    expect(stale.after.creditsMinor).toBe('0');
    await done('credits/grant', { ...grant, amountMinor: '1000' });
    const confirm = { auditRowId: act.auditRowId, token: stale.token, note: null, idempotencyKey: newId() };
    const moved = await applyUndo(world.databases, confirm, pia);
    expect(moved).toMatchObject({ ok: false, kind: 'moved' });
    expect('preview' in moved && moved.preview.after.creditsMinor).toBe('1000');
    const fresh = await shown(act.auditRowId, pia);
    const other = { ...confirm, token: fresh.token, idempotencyKey: newId() };
    expect(await applyUndo(world.databases, other, caller())).toMatchObject({ ok: false, kind: 'moved' });
    const engineer = caller(world.person(['engineer']));
    expect(await previewUndo(world.databases, act.auditRowId, engineer)).toMatchObject({
      ok: false,
      kind: 'forbidden',
    });
    expect(await applyUndo(world.databases, { ...other, idempotencyKey: newId() }, pia)).toMatchObject({
      ok: true,
    });
  });

  it('names the held charge, and the credit for unused days with its working', async () => {
    const customerId = await world.customer('pylon');
    const subscriptionId = await world.subscribe(customerId, 'paid');
    const act = await done('subscriptions/change-plan', { subscriptionId, planCode: 'studio', when: 'now' });
    expect(act.preview.dueNow.lines).toMatchObject([
      { label: 'studio, 13 to 31 Oct', working: '19 of 31 days of $640.00', amountMinor: '39226' },
      { label: 'paid, not used', working: '19 of 31 days of $140.00', amountMinor: '-8581' },
    ]);
    expect((await shown(act.auditRowId)).undoes?.heldMinor).toBe('30645');
  });
});

describe('cancelling a change that waits', () => {
  it('is named, and can be undone itself', async () => {
    const customerId = await world.customer('skerry');
    const subscriptionId = await world.subscribe(customerId, 'paid');
    await done('subscriptions/change-plan', { subscriptionId, planCode: 'solo', when: 'next_bill' });
    const act = await done('subscriptions/cancel-plan-change', { subscriptionId });
    expect(act.preview).toMatchObject({
      title: 'Cancel the change to solo',
      before: { pendingPlan: { code: 'solo' } },
      after: { pendingPlan: null },
      undo: { class: 'reversible' },
    });
    expect((await shown(act.auditRowId)).after.pendingPlan?.code).toBe('solo');
  });
});

describe('a discount', () => {
  it('says on each bill which of its bills that is', async () => {
    const customerId = await world.customer('brindle');
    await world.subscribe(customerId, 'paid');
    const input = { customerId, percent: '20', bills: 2 };
    const { after } = await world.preview(world.person(['support']), 'discounts/apply-discount', input);
    const named = after.nextBills.map(({ lines }) => lines.find(({ kind }) => kind === 'discount')?.label);
    expect(named).toEqual(['20% off, bill 1 of 2', '20% off, bill 2 of 2', undefined]);
  });
});
