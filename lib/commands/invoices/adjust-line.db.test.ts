import { and, desc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '@/db/ids';
import { auditRows, charges } from '@/db/schema';
import { storeEvents } from '@/lib/usage/ingest';
import { runCommand } from '../core/execute';
import { undoAct } from '../core/undo';
import { findCommand } from '../registry';
import { createTax } from '../taxes/create';
import { expectSoundBooks, inside } from '../testing/money';
import { openSandbox, type Sandbox } from '../testing/sandbox';
import { metric } from '../usage/testing';
import { adjustLine, restoreLine } from './adjust-line';
import { finalizeInvoice, refreshInvoice } from './finish-draft';
import { regenerateInvoice } from './regenerate';
import { voidInvoice } from './void';

let world: Sandbox;
let customerId: string;
let metrics: Record<string, string>;
beforeEach(async () => {
  world = await openSandbox('2024-03-01T00:00:00Z');
  customerId = await world.customer('c1', { billing_configuration: { invoice_grace_period: 3 } });
  await world.run(createTax, { name: 'VAT', code: 'vat', rate: '10', applied_to_organization: true });
  metrics = {};
  for (const code of ['minutes', 'payments']) {
    metrics[code] = await metric(world, code, { field_name: 'v' });
  }
  await world.plan('late', {
    amount_cents: 3_000,
    pay_in_advance: false,
    charges: [
      {
        billable_metric_id: metrics.minutes,
        charge_model: 'graduated',
        min_amount_cents: 2_000,
        properties: {
          graduated_ranges: [
            { from_value: 0, to_value: 10, per_unit_amount: '1', flat_amount: '0' },
            { from_value: 11, to_value: null, per_unit_amount: '0.5', flat_amount: '3' },
          ],
        },
      },
      { billable_metric_id: metrics.payments, charge_model: 'percentage', properties: { rate: '1' } },
    ],
  });
  await world.subscribe(customerId, 'late', { externalId: 's1' });
  await use('a', '4');
  await world.move('2024-04-01T00:00:00Z');
});
afterEach(async () => {
  try {
    await expectSoundBooks(world);
  } finally {
    await world.close();
  }
});

const use = (transactionId: string, v: string) =>
  inside(world, (ctx, tx) =>
    storeEvents(tx, ctx.organizationId, ctx.now, [
      {
        externalSubscriptionId: 's1',
        code: 'minutes',
        transactionId,
        timestamp: Date.parse('2024-03-10T00:00:00Z'),
        properties: { v },
        preciseTotalAmountMinor: null,
      },
    ]),
  );
const invoice = async () => (await world.invoices(customerId))[0]!;
const minutes = async () =>
  (await invoice()).lines.find((line) => line.itemCode === 'minutes' && !line.trueUpParentFeeId)!;
const figures = async () => (await invoice()).lines.map((line) => [line.itemCode, line.amountMinor]);

describe('a changed line of a draft', () => {
  it('is priced by its own model from new units, moves its minimum, and survives every refresh and the end', async () => {
    expect(await figures()).toEqual([
      ['late', 3_000n],
      ['minutes', 400n],
      ['minutes', 1_600n],
    ]);
    const draft = await invoice();
    await world.run(adjustLine, { id: draft.id, fee_id: (await minutes()).id, units: '20' });
    // 10 × $1 + 10 × $0.50 + $3 = $18, which leaves $2 to the minimum of $20.
    expect(await figures()).toEqual([
      ['late', 3_000n],
      ['minutes', 1_800n],
      ['minutes', 200n],
    ]);
    expect(await invoice()).toMatchObject({ taxesAmountMinor: 500n, totalAmountMinor: 5_500n });
    await use('b', '500');
    await world.run(refreshInvoice, { id: draft.id });
    expect(await minutes()).toMatchObject({ amountMinor: 1_800n, units: '20' });
    await world.run(finalizeInvoice, { id: draft.id });
    expect(await minutes()).toMatchObject({ amountMinor: 1_800n, units: '20' });
    expect(await invoice()).toMatchObject({ status: 'finalized', totalAmountMinor: 5_500n });
    await expect(
      world.run(adjustLine, { id: draft.id, fee_id: (await minutes()).id, units: '1' }),
    ).rejects.toMatchObject({ failure: { kind: 'not_allowed', code: 'invalid_status' } });
  });

  it('takes units with a price of one, rounded once, or only a name', async () => {
    const { id } = await invoice();
    await world.run(adjustLine, {
      id,
      fee_id: (await minutes()).id,
      units: '3.5',
      unit_precise_amount: '1.2345',
      invoice_display_name: 'Minutes as agreed',
    });
    // 3.5 × 1.2345 = 4.32075
    expect(await minutes()).toMatchObject({
      amountMinor: 432n,
      preciseAmountMinor: '432.075',
      invoiceDisplayName: 'Minutes as agreed',
    });
    await world.run(adjustLine, { id, fee_id: (await minutes()).id, invoice_display_name: 'Minutes' });
    expect(await minutes()).toMatchObject({ amountMinor: 400n, invoiceDisplayName: 'Minutes' });
    const plan = (await invoice()).lines[0]!;
    await world.run(adjustLine, { id, fee_id: plan.id, units: '1', unit_precise_amount: '25' });
    expect((await invoice()).lines[0]).toMatchObject({ amountMinor: 2_500n });
  });

  it('may be of a charge that was not used, and is refused where units alone say nothing', async () => {
    const { id } = await invoice();
    const [charge] = await inside(world, (_, tx) =>
      tx.select().from(charges).where(eq(charges.billableMetricId, metrics.payments!)),
    );
    const line = { id, external_subscription_id: 's1', charge_id: charge!.id };
    await world.plan('other', {
      charges: [
        { billable_metric_id: metrics.payments, charge_model: 'standard', properties: { amount: '1' } },
      ],
    });
    const [foreign] = await inside(world, (_, tx) =>
      tx.select().from(charges).where(eq(charges.chargeModel, 'standard')),
    );
    const priced = { units: '2', unit_precise_amount: '7' };
    for (const [wrong, resource] of [
      [{ charge_id: foreign!.id }, 'charge'],
      [{ charge_id: 'none' }, 'charge'],
      [{ charge_filter_id: foreign!.id }, 'charge_filter'],
      [{ external_subscription_id: 's2' }, 'subscription'],
    ] as const) {
      await expect(world.run(adjustLine, { ...line, ...priced, ...wrong })).rejects.toMatchObject({
        failure: { kind: 'not_found', resource },
      });
    }
    await expect(world.run(adjustLine, { ...line, units: '100' })).rejects.toMatchObject({
      failure: { kind: 'invalid', fields: { charge: ['invalid_charge_model'] } },
    });
    await world.run(adjustLine, { ...line, units: '2', unit_precise_amount: '7' });
    expect((await invoice()).lines.find(({ itemCode }) => itemCode === 'payments')).toMatchObject({
      amountMinor: 1_400n,
    });
    await world.run(restoreLine, line);
    expect((await invoice()).lines.some(({ itemCode }) => itemCode === 'payments')).toBe(false);
    await expect(world.run(restoreLine, line)).rejects.toMatchObject({
      failure: { kind: 'not_found', resource: 'adjusted_fee' },
    });
  });

  it('is taken back by what its audit row says', async () => {
    const { id } = await invoice();
    await world.run(adjustLine, { id, fee_id: (await minutes()).id, units: '20' });
    const [row] = await inside(world, (ctx, tx) =>
      tx
        .select()
        .from(auditRows)
        .where(
          and(
            eq(auditRows.organizationId, ctx.organizationId),
            eq(auditRows.command, 'invoices/adjust-line'),
          ),
        )
        .orderBy(desc(auditRows.createdAt))
        .limit(1),
    );
    const inverse = row!.inverse as { command: string; input: unknown };
    await runCommand(world.databases, findCommand(inverse.command)!, {
      organizationId: world.organizationId,
      actor: world.key,
      input: inverse.input as never,
    });
    expect(await minutes()).toMatchObject({ amountMinor: 400n, units: '4' });
  });
});

describe('a changed line as people see it', () => {
  it('shows the line and the total before and after, with the amount on the button, and is undone', async () => {
    const finance = world.person(['finance']);
    const line = await minutes();
    const { id } = await invoice();
    const input = { id, fee_id: line.id, units: '40' };
    const seen = await world.preview(finance, 'invoices/adjust-line', input);
    expect(seen.title).toBe('Change minutes to $28.00 on the draft');
    const amounts = (figures: NonNullable<typeof seen.invoice>['before']) =>
      figures.lines.find(({ key }) => key === line.lineKey)?.amountMinor;
    expect(amounts(seen.invoice!.before)).toBe('400');
    expect(amounts(seen.invoice!.after)).toBe('2800');
    // 30.00 and the minimum of 20.00, then 30.00 and 28.00; a tenth of tax on each.
    expect([seen.invoice!.before.totalMinor, seen.invoice!.after.totalMinor]).toEqual(['5500', '6380']);
    const done = await world.apply(finance, seen, input);
    expect(done).toMatchObject({ ok: true, title: seen.title });
    if (!done.ok) return;
    const back = await undoAct(world.databases, done.auditRowId, {
      organizationId: world.organizationId,
      actor: finance,
      idempotencyKey: newId(),
    });
    expect(back).toMatchObject({ ok: true });
    expect(await minutes()).toMatchObject({ amountMinor: 400n, units: '4' });
  });
});

describe('a voided invoice', () => {
  it('is billed again once, with the lines chosen, dated from the day it was made', async () => {
    const first = await invoice();
    await world.run(finalizeInvoice, { id: first.id });
    const line = await minutes();
    await expect(world.run(regenerateInvoice, { id: first.id })).rejects.toMatchObject({
      failure: { code: 'not_voided' },
    });
    await world.move('2024-04-20T00:00:00Z');
    await world.run(voidInvoice, { id: first.id });
    const again = await world.run(regenerateInvoice, {
      id: first.id,
      fees: [{ fee_id: line.id, units: '20', invoice_display_name: 'Minutes, corrected' }],
    });
    expect(again).toMatchObject({
      status: 'finalized',
      voidedInvoiceId: first.id,
      issuingDate: '2024-04-01',
      feesAmountMinor: 1_800n,
      taxesAmountMinor: 180n,
      totalAmountMinor: 1_980n,
    });
    const [, second] = await world.invoices(customerId);
    expect(second!.lines).toMatchObject([
      { originalFeeId: line.id, units: '20', invoiceDisplayName: 'Minutes, corrected' },
    ]);
    await expect(world.run(regenerateInvoice, { id: first.id })).rejects.toMatchObject({
      failure: { code: 'already_regenerated' },
    });
  });
});
