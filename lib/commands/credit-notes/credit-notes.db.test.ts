import { asc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { creditNotes } from '@/db/schema';
import { createAddOn } from '../add-ons/create';
import { adjustLine } from '../invoices/adjust-line';
import { createOneOffInvoice } from '../invoices/create-one-off';
import { voidInvoice } from '../invoices/void';
import { recordPayment } from '../payments/record';
import { terminateSubscriptionCommand } from '../subscriptions/terminate';
import { createTax } from '../taxes/create';
import { bill, expectSoundBooks, inside, walletsOf } from '../testing/money';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { createWallet } from '../wallets/create';
import { createCreditNote } from './create';
import { voidCreditNoteCommand } from './void';

let world: Sandbox;
let customerId: string;
beforeEach(async () => {
  world = await openSandbox('2023-02-08T09:00:00Z');
  customerId = await world.customer('c1');
});
afterEach(async () => {
  try {
    await expectSoundBooks(world);
  } finally {
    await world.close();
  }
});

const vat = () =>
  world.run(createTax, { name: 'VAT', code: 'vat', rate: '20', applied_to_organization: true });
const notes = () =>
  inside(world, (_ctx, tx) =>
    tx
      .select()
      .from(creditNotes)
      .where(eq(creditNotes.customerId, customerId))
      .orderBy(asc(creditNotes.createdAt), asc(creditNotes.id)),
  );
const pay = (invoice_id: string, amount_cents: bigint) =>
  world.run(recordPayment, { invoice_id, amount_cents, reference: 'wire' });
const firstInvoice = async () => (await world.invoices(customerId))[0]!;

async function note(invoiceId: string, values: Record<string, unknown>, amount = 1_000n) {
  const invoice = (await world.invoices(customerId)).find(({ id }) => id === invoiceId)!;
  return world.run(createCreditNote, {
    invoice_id: invoiceId,
    items: [{ fee_id: invoice.lines[0]!.id, amount_cents: amount }],
    ...values,
  });
}

describe('a credit note by hand', () => {
  it('becomes credit that pays later bills until it is used up', async () => {
    await vat();
    const invoice = await bill(world, customerId, 5_000n);
    const made = await note(invoice.id, { credit_amount_cents: 1_200 });
    expect(made).toMatchObject({
      number: `${invoice.number}-CN001`,
      totalAmountMinor: 1_200n,
      taxesAmountMinor: 200n,
      balanceAmountMinor: 1_200n,
      creditStatus: 'available',
    });
    const later = await bill(world, customerId, 500n);
    expect(later).toMatchObject({ creditNotesAmountMinor: 600n, totalAmountMinor: 0n });
    await bill(world, customerId, 5_000n);
    expect((await notes())[0]).toMatchObject({ balanceAmountMinor: 0n, creditStatus: 'consumed' });
  });

  it('takes off what is due, and the invoice is paid when nothing is left', async () => {
    const invoice = await bill(world, customerId, 5_000n);
    await pay(invoice.id, 4_000n);
    await note(invoice.id, { offset_amount_cents: 1_000 });
    expect(await firstInvoice()).toMatchObject({
      paymentStatus: 'succeeded',
      totalPaidAmountMinor: 4_000n,
      totalOffsettedCreditNoteAmountMinor: 1_000n,
    });
  });

  it('refunds no more than was paid', async () => {
    const invoice = await bill(world, customerId, 5_000n);
    await expect(note(invoice.id, { refund_amount_cents: 1_000 })).rejects.toMatchObject({
      failure: { fields: { refund_amount_cents: expect.arrayContaining(['cannot_refund_unpaid_invoice']) } },
    });
    await pay(invoice.id, 5_000n);
    expect(await note(invoice.id, { refund_amount_cents: 1_000 })).toMatchObject({
      refundStatus: 'pending',
      creditStatus: null,
    });
  });

  it('is cancelled as far as it is unused', async () => {
    await vat();
    const invoice = await bill(world, customerId, 5_000n);
    const made = await note(invoice.id, { credit_amount_cents: 1_200 });
    await bill(world, customerId, 500n);
    expect(await world.run(voidCreditNoteCommand, { id: made.id })).toMatchObject({
      balanceAmountMinor: 0n,
      creditStatus: 'voided',
    });
    await expect(world.run(voidCreditNoteCommand, { id: made.id })).rejects.toMatchObject({
      failure: { code: 'no_voidable_amount' },
    });
  });

  it('pays bills that race for it no more than it holds', async () => {
    const invoice = await bill(world, customerId, 5_000n);
    await note(invoice.id, { credit_amount_cents: 1_000 });
    const races = await Promise.allSettled(
      Array.from({ length: 6 }, () => bill(world, customerId, 400n, { lock: false })),
    );
    const used = races.reduce(
      (sum, race) => sum + (race.status === 'fulfilled' ? race.value.creditNotesAmountMinor : 0n),
      0n,
    );
    expect(used).toBeGreaterThan(0n);
    expect((await notes())[0]?.balanceAmountMinor).toBe(1_000n - used);
  });

  it('all together never give back more than the invoice', async () => {
    const invoice = await bill(world, customerId, 1_000n);
    const races = await Promise.allSettled(
      Array.from({ length: 4 }, () => note(invoice.id, { credit_amount_cents: 600 }, 600n)),
    );
    expect(races.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('the end of a plan paid in advance', () => {
  async function plan(values: Record<string, unknown> = {}) {
    await vat();
    await world.plan('p', { amount_cents: 5_000, ...values });
    return world.subscribe(customerId, 'p');
  }

  it('gives 42.85 back after a day of 21 (semantics 4.4)', async () => {
    const subscriptionId = await plan();
    expect((await firstInvoice()).totalAmountMinor).toBe(4_500n);
    await world.run(terminateSubscriptionCommand, { subscriptionId });
    expect((await notes())[0]).toMatchObject({
      subTotalExcludingTaxesMinor: 3_571n,
      taxesAmountMinor: 714n,
      totalAmountMinor: 4_285n,
      creditAmountMinor: 4_285n,
    });
  });

  it('offsets an unpaid invoice and leaves what was used due', async () => {
    const subscriptionId = await plan();
    await world.run(terminateSubscriptionCommand, { subscriptionId, creditNote: 'offset' });
    expect((await notes())[0]).toMatchObject({ offsetAmountMinor: 4_285n, refundAmountMinor: 0n });
    expect((await firstInvoice()).totalOffsettedCreditNoteAmountMinor).toBe(4_285n);
  });

  it('refunds what was paid beyond the used days', async () => {
    const subscriptionId = await plan();
    await pay((await firstInvoice()).id, 4_500n);
    await world.run(terminateSubscriptionCommand, { subscriptionId, creditNote: 'refund' });
    expect((await notes())[0]).toMatchObject({ refundAmountMinor: 4_285n, creditAmountMinor: 0n });
  });

  it('waits as a draft with its draft invoice and is finished with it', async () => {
    customerId = await world.customer('c2', { billing_configuration: { invoice_grace_period: 3 } });
    const subscriptionId = await plan();
    await world.run(terminateSubscriptionCommand, { subscriptionId });
    expect((await notes())[0]).toMatchObject({ status: 'draft' });
    await world.move('2023-02-12T00:00:00Z');
    const invoice = await firstInvoice();
    const [finished] = await notes();
    expect(invoice.status).toBe('finalized');
    expect(finished).toMatchObject({
      status: 'finalized',
      totalAmountMinor: 4_285n,
      number: `${invoice.number}-CN001`,
    });
  });

  it('goes with a draft that comes to nothing and is closed', async () => {
    customerId = await world.customer('c3', {
      billing_configuration: { invoice_grace_period: 3 },
      finalize_zero_amount_invoice: 'skip',
    });
    const subscriptionId = await plan();
    await world.run(terminateSubscriptionCommand, { subscriptionId });
    const draft = await firstInvoice();
    await world.run(adjustLine, { id: draft.id, fee_id: draft.lines[0]!.id, units: '0' });
    await world.move('2023-02-12T00:00:00Z');
    expect((await firstInvoice()).status).toBe('closed');
    expect((await notes())[0]).toMatchObject({ status: 'deleted' });
  });
});

describe('voiding an invoice', () => {
  it('with a credit note gives back what is asked and cancels the rest (semantics 12.6)', async () => {
    const invoice = await bill(world, customerId, 1_200n);
    await pay(invoice.id, 300n);
    const after = await world.run(voidInvoice, {
      id: invoice.id,
      generate_credit_note: true,
      credit_amount: 300,
      refund_amount: 300,
    });
    expect(after).toMatchObject({ status: 'voided', number: invoice.number });
    expect((await notes()).map((row) => [row.totalAmountMinor, row.creditStatus])).toEqual([
      [600n, 'available'],
      [600n, 'voided'],
    ]);
  });

  it('is refused twice', async () => {
    const invoice = await bill(world, customerId, 1_200n);
    await world.run(voidInvoice, { id: invoice.id });
    await expect(world.run(voidInvoice, { id: invoice.id })).rejects.toMatchObject({
      failure: { code: 'not_voidable' },
    });
  });
});

describe('a purchase of credits', () => {
  it('is refunded as far as its credits are unused', async () => {
    await world.run(createWallet, {
      external_customer_id: 'c1',
      rate_amount: '1',
      currency: 'USD',
      paid_credits: '50',
    });
    const purchase = await firstInvoice();
    await pay(purchase.id, 5_000n);
    await bill(world, customerId, 2_000n);
    await expect(note(purchase.id, { refund_amount_cents: 4_000 }, 4_000n)).rejects.toThrow('have been used');
    await note(purchase.id, { refund_amount_cents: 3_000 }, 3_000n);
    expect((await walletsOf(world, customerId))[0]?.balanceMinor).toBe(0n);
  });
});

describe('a bill made by hand', () => {
  it('has its add-ons and taxes only', async () => {
    await vat();
    await world.run(createAddOn, {
      name: 'Setup',
      code: 'setup',
      amount_cents: 10_000,
      amount_currency: 'USD',
    });
    const invoice = await world.run(createOneOffInvoice, {
      external_customer_id: 'c1',
      fees: [
        { add_on_code: 'setup', units: '2.5' },
        { add_on_code: 'setup', unit_amount_cents: 150 },
      ],
    });
    expect(invoice).toMatchObject({
      invoiceType: 'one_off',
      status: 'finalized',
      feesAmountMinor: 25_150n,
      taxesAmountMinor: 5_030n,
      totalAmountMinor: 30_180n,
    });
    await expect(
      world.run(createOneOffInvoice, { external_customer_id: 'c1', fees: [{ add_on_code: 'nothing' }] }),
    ).rejects.toThrow('add_on not found');
  });
});

describe('a correction as people make it', () => {
  const ask = (actor: ReturnType<Sandbox['person']>, command: string, input: unknown) =>
    world.preview(actor, command, input);

  it('shows the invoice and the credit before and after, works out the tax, and does what it showed once', async () => {
    await vat();
    await bill(world, customerId, 5_000n);
    const invoice = await firstInvoice();
    const finance = world.person(['finance']);
    const lines = [{ feeId: invoice.lines[0]!.id, amountMinor: '1000' }];
    const off = await ask(finance, 'credit-notes/give-back', { invoiceId: invoice.id, lines, as: 'offset' });
    expect(off.title).toBe('Take off $12.00');
    expect(off.invoice?.before).toMatchObject({ name: `Invoice ${invoice.number}`, dueMinor: '6000' });
    expect(off.invoice?.after).toMatchObject({ status: 'finalized', dueMinor: '4800', refundedMinor: '0' });
    expect(off.undo.class).toBe('fix_forward');

    const input = { invoiceId: invoice.id, lines, as: 'credit' };
    const seen = await ask(finance, 'credit-notes/give-back', input);
    expect(seen.title).toBe('Credit $12.00');
    expect([seen.before.noteCreditMinor, seen.after.noteCreditMinor]).toEqual(['0', '1200']);
    await pay(invoice.id, 100n);
    // Somebody paid meanwhile: what is due on it is another figure, so nothing is done.
    expect(await world.apply(finance, seen, input)).toMatchObject({ ok: false, kind: 'moved' });
    const fresh = await ask(finance, 'credit-notes/give-back', input);
    const [first, second] = [
      await world.apply(finance, fresh, input, input.invoiceId),
      await world.apply(finance, fresh, input, input.invoiceId),
    ];
    expect(first).toMatchObject({ ok: true, title: 'Credit $12.00' });
    expect(second).toEqual(first);
    expect(await notes()).toHaveLength(1);
    await expect(
      ask(finance, 'credit-notes/give-back', {
        ...input,
        lines: [{ feeId: invoice.lines[0]!.id, amountMinor: '4001' }],
      }),
    ).rejects.toThrow('more than can be given back');
  });

  it('cancels an invoice with its amount on the button, within limits, and bills it again', async () => {
    await bill(world, customerId, 30_000n);
    const invoice = await firstInvoice();
    const [support, finance] = [world.person(['support']), world.person(['finance'])];
    const input = { id: invoice.id };
    expect(await ask(support, 'invoices/void', input)).toMatchObject({ limit: { within: false } });
    await expect(ask(world.person(['sales']), 'invoices/void', input)).rejects.toThrow('forbidden');
    const cancel = await ask(finance, 'invoices/void', input);
    expect(cancel.title).toBe(`Cancel invoice ${invoice.number}, $300.00`);
    expect(cancel.invoice?.after).toMatchObject({ status: 'voided', dueMinor: '0' });
    expect(await world.apply(finance, cancel, input)).toMatchObject({ ok: true });
    const again = await ask(finance, 'invoices/regenerate', {
      id: invoice.id,
      fees: [{ fee_id: invoice.lines[0]!.id, invoice_display_name: 'Setup, corrected' }],
    });
    expect(again.title).toBe(`Bill invoice ${invoice.number} again: $300.00`);
    expect(again.dueNow.totalMinor).toBe('30000');
  });
});
