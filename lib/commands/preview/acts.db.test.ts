import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@/db/ids';
import { withTenant } from '@/db/tenancy';
import { checkBooks } from '@/lib/queries/books';
import { undoAct } from '../core/undo';
import { addCustomer } from '../customers/add';
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

describe('starting a subscription', () => {
  let here: Sandbox;
  beforeAll(async () => {
    here = await openSandbox('2026-10-13T09:24:00Z', 'America/Halifax');
    await here.plan('crew', { amount_cents: 14_000, trial_period: '30' });
    await here.plan('paid', { amount_cents: 14_000 });
  });
  afterAll(() => here.close());

  const start = (customerId: string, values: Record<string, unknown> = {}) => ({
    customerId,
    planCode: 'paid',
    externalId: customerId,
    billingTime: 'anniversary',
    ...values,
  });
  const undo = (answer: Awaited<ReturnType<Sandbox['apply']>>, actor: ReturnType<Sandbox['person']>) =>
    undoAct(here.databases, answer.ok && 'auditRowId' in answer ? answer.auditRowId : '', {
      organizationId: here.organizationId,
      actor,
      idempotencyKey: newId(),
    });

  it('shows the first invoice, holds it, and goes back as if it had never begun', async () => {
    const sales = here.person(['sales']);
    const customerId = await here.customer('kittiwake', { currency: null });
    const input = start(customerId);
    const preview = await here.preview(sales, 'subscriptions/start', input);
    expect(preview).toMatchObject({
      title: 'Start paid, charge $140.00',
      before: { plan: null, nextBills: [] },
      after: { plan: { code: 'paid' } },
      dueNow: { totalMinor: '14000' },
      undo: { class: 'held' },
    });
    expect(preview.after.nextBills.map(({ date, totalMinor }) => [date, totalMinor])).toContainEqual([
      '2026-11-13',
      '14000',
    ]);
    const key = newId();
    const applied = await here.apply(sales, preview, input, key);
    expect(applied).toMatchObject({ ok: true, title: 'Start paid, charge $140.00' });
    expect(await here.apply(sales, preview, input, key)).toEqual(applied);
    expect(await here.invoices(customerId)).toMatchObject([{ status: 'draft', totalAmountMinor: 14_000n }]);
    expect(await undo(applied, sales)).toMatchObject({ ok: true, title: 'Take the start back' });
    expect(await here.invoices(customerId)).toMatchObject([{ status: 'deleted' }]);
    // Its currency is open again: the next plan may be in another one.
    await here.plan('euros', { amount_currency: 'EUR' });
    const other = await here.preview(sales, 'subscriptions/start', start(customerId, { planCode: 'euros' }));
    expect(other).toMatchObject({ before: { plan: null, nextBills: [] }, dueNow: { totalMinor: '14000' } });
  });

  it('waits for a later day of the customer’s, and is cancelled before it', async () => {
    const sales = here.person(['sales']);
    const customerId = await here.customer('razorbill', { timezone: 'Asia/Tokyo' });
    const input = start(customerId, { startDay: '2026-10-20', name: 'Night studio' });
    const preview = await here.preview(sales, 'subscriptions/start', input);
    expect(preview).toMatchObject({
      title: 'Start Night studio on Tue 20 Oct 2026',
      dueNow: { totalMinor: '0', lines: [] },
      undo: { class: 'reversible', until: Date.parse('2026-10-19T15:00:00Z') },
    });
    expect(preview.after.nextBills[0]).toMatchObject({
      date: '2026-10-20',
      totalMinor: '14000',
      exact: true,
    });
    const applied = await here.apply(sales, preview, input);
    expect(await undo(applied, sales)).toMatchObject({ ok: true });
    const again = await here.preview(sales, 'subscriptions/start', input);
    expect(again.before).toMatchObject({ plan: null, nextBills: [] });
  });

  it('goes back during its trial, when nothing has been billed', async () => {
    const sales = here.person(['sales']);
    const customerId = await here.customer('guillemot');
    const input = start(customerId, { planCode: 'crew' });
    const preview = await here.preview(sales, 'subscriptions/start', input);
    expect(preview).toMatchObject({
      title: 'Start crew',
      dueNow: { totalMinor: '0' },
      after: { trial: { lastFreeDay: '2026-11-11' } },
      undo: { class: 'reversible', until: Date.parse('2026-11-12T09:24:00Z') },
    });
    const applied = await here.apply(sales, preview, input);
    expect(await undo(applied, sales)).toMatchObject({ ok: true });
    expect(await here.invoices(customerId)).toEqual([]);
    const books = await withTenant(here.databases, here.organizationId, (tx) =>
      checkBooks(tx, here.organizationId),
    );
    expect(books.filter(({ rows }) => rows.length > 0)).toEqual([]);
  });

  it('says before what cannot be', async () => {
    const sales = here.person(['sales']);
    const customerId = await here.customer('fulmar', { currency: 'EUR' });
    const ask = (values: Record<string, unknown>, roles: Parameters<Sandbox['person']>[0] = ['sales']) =>
      previewCommand(here.databases, 'subscriptions/start', {
        organizationId: here.organizationId,
        actor: here.person(roles),
        input: start(customerId, values),
      });
    expect(await ask({})).toMatchObject({
      kind: 'invalid',
      message: 'This customer pays in EUR; the plan is in USD.',
    });
    expect(await ask({ startDay: '2026-10-12' })).toMatchObject({ fields: { startDay: ['invalid_date'] } });
    expect(await ask({}, ['growth'])).toMatchObject({ ok: false, kind: 'forbidden' });
    const taken = start(await here.customer('auk'), { externalId: 'auk' });
    await here.apply(sales, await here.preview(sales, 'subscriptions/start', taken), taken);
    expect(await ask({ externalId: 'auk' })).toMatchObject({
      fields: { externalId: ['value_already_exist'] },
    });
  });

  it('for a customer who was added by hand, whose id nobody else has', async () => {
    const sales = here.person(['sales']);
    const added = await here.run(addCustomer, { external_id: 'puffin', name: 'Puffin & Sons' }, sales);
    expect(added).toMatchObject({ externalId: 'puffin', currency: null });
    await expect(
      here.run(addCustomer, { external_id: 'puffin', name: 'Other' }, sales),
    ).rejects.toMatchObject({
      failure: { kind: 'invalid', fields: { external_id: ['value_already_exist'] } },
      message: expect.stringContaining('Puffin & Sons'),
    });
    await expect(
      here.run(addCustomer, { external_id: 'tern', name: 'Tern' }, here.person(['growth'])),
    ).rejects.toMatchObject({ failure: { kind: 'forbidden' } });
  });
});
