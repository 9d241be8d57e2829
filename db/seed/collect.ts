import { sql } from 'drizzle-orm';
import { withTenant } from '@/db/tenancy';
import { runCommand } from '@/lib/commands/core/execute';
import { recordPayment } from '@/lib/commands/payments/record';
import { recordPayment as receivePayment } from '@/lib/invoicing/payments';
import { chanceOf } from './chance.ts';
import type { Company } from './company.ts';
import type { Paying } from './customer.ts';
import { CUSTOMERS } from './customers.ts';
import { slugOf } from './story.ts';

const DAY = 86_400_000;
/** Payments recorded beside one another. */
const LANES = 3;

interface Waiting {
  invoice_id: string;
  external_id: string;
  due: string;
  issued: string;
  /** Its card has been refused already. */
  tried: boolean;
}

/** Invoices that wait for money, oldest first. */
function waiting({ databases, organizationId }: Company): Promise<Waiting[]> {
  return withTenant(databases, organizationId, (tx) =>
    tx.execute<Waiting & Record<string, unknown>>(sql`
      select i.id as invoice_id, c.external_id,
             (i.total_amount_minor - i.total_paid_amount_minor - i.total_offsetted_credit_note_amount_minor)::text as due,
             floor(extract(epoch from i.finalized_at) * 1000)::bigint::text as issued,
             i.payment_status = 'failed' as tried
      from invoices i join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
      where i.organization_id = ${organizationId} and i.status = 'finalized' and i.payment_status <> 'succeeded'
      order by i.finalized_at, i.id`),
  );
}

const HABITS = new Map<string, Paying>(CUSTOMERS.map(({ name, paying }) => [slugOf(name), paying]));

/** Days between the invoice and the money: none for a card, the account's habit give or take two for a transfer. */
function daysUntilPaid(habit: Paying, invoiceId: string, issued: number): number {
  if (habit.by === 'card') return 0;
  return Math.max(1, (habit.days ?? 7) + chanceOf(`${issued} ${invoiceId.slice(-2)}`).whole(-2, 2));
}

function hasStopped(habit: Paying, issued: number, historyEnds: number): boolean {
  return habit.stopped !== undefined && issued >= historyEnds - habit.stopped * DAY;
}

/**
 * Records the money that has come in by `at`: cards are charged by the platform when the invoice has left, transfers are
 * booked by Helene when they arrive. A card that stopped working is refused, once for each invoice.
 */
export async function collect(company: Company, at: number, historyEnds: number): Promise<void> {
  const open = await waiting(company);
  const work = async () => {
    for (let invoice = open.shift(); invoice; invoice = open.shift()) {
      await collectOne(company, invoice, at, historyEnds);
    }
  };
  await Promise.all(Array.from({ length: LANES }, work));
}

async function collectOne(
  company: Company,
  invoice: Waiting,
  at: number,
  historyEnds: number,
): Promise<void> {
  const habit = HABITS.get(invoice.external_id);
  const issued = Number(invoice.issued);
  if (!habit || BigInt(invoice.due) <= 0n) return;
  const byCard = habit.by === 'card';
  if (hasStopped(habit, issued, historyEnds)) {
    if (byCard && !invoice.tried) await refuse(company, invoice, at);
    return;
  }
  if (at < issued + daysUntilPaid(habit, invoice.invoice_id, issued) * DAY) return;
  const { databases, organizationId, staff, software } = company;
  await runCommand(databases, recordPayment, {
    organizationId,
    actor: byCard ? software : staff.helene,
    input: {
      invoice_id: invoice.invoice_id,
      amount_cents: BigInt(invoice.due),
      reference: byCard ? 'Card on file' : `Transfer ${invoice.external_id}`,
    },
  });
}

/** What a payment provider's message about a refused card does. */
async function refuse({ databases, organizationId }: Company, invoice: Waiting, at: number): Promise<void> {
  await withTenant(databases, organizationId, (tx) =>
    receivePayment(
      { tx, organizationId, now: at, mode: 'apply' },
      {
        invoiceId: invoice.invoice_id,
        amountMinor: BigInt(invoice.due),
        kind: 'provider',
        paymentStatus: 'failed',
        reference: 'Card on file',
        method: 'card',
        failureReason: 'card_declined',
      },
    ),
  );
}
