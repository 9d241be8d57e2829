import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import {
  credits,
  fees,
  feeTaxes,
  invoiceFacts,
  invoices,
  invoiceTaxes,
  walletTransactions,
} from '@/db/schema';
import type { StoredInvoice } from './record';

export interface Kept extends StoredInvoice {
  facts: typeof invoiceFacts.$inferSelect | null;
}

function listed<T>(rows: T[], idOf: (row: T) => string | null): (id: string) => T[] {
  const byId = new Map<string, T[]>();
  for (const row of rows) {
    const id = idOf(row);
    if (id === null) continue;
    const list = byId.get(id);
    if (list) list.push(row);
    else byId.set(id, [row]);
  }
  return (id) => byId.get(id) ?? [];
}

/** What is stored of these invoices: seven statements, however many there are. */
export async function readKept(tx: Tx, organizationId: string, ids: string[]): Promise<Kept[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .select()
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), inArray(invoices.id, ids)))
    .orderBy(asc(invoices.createdAt), asc(invoices.id));
  const factsRows = await tx
    .select()
    .from(invoiceFacts)
    .where(and(eq(invoiceFacts.organizationId, organizationId), inArray(invoiceFacts.invoiceId, ids)));
  const feeRows = await tx
    .select()
    .from(fees)
    .where(and(eq(fees.organizationId, organizationId), inArray(fees.invoiceId, ids)))
    .orderBy(asc(fees.invoiceId), asc(fees.position));
  const feeTaxRows =
    feeRows.length === 0
      ? []
      : await tx
          .select()
          .from(feeTaxes)
          .where(
            and(
              eq(feeTaxes.organizationId, organizationId),
              inArray(
                feeTaxes.feeId,
                feeRows.map(({ id }) => id),
              ),
            ),
          );
  const taxRows = await tx
    .select()
    .from(invoiceTaxes)
    .where(and(eq(invoiceTaxes.organizationId, organizationId), inArray(invoiceTaxes.invoiceId, ids)));
  const creditRows = await tx
    .select()
    .from(credits)
    .where(and(eq(credits.organizationId, organizationId), inArray(credits.invoiceId, ids)));
  const uses = await tx
    .select()
    .from(walletTransactions)
    .where(
      and(
        eq(walletTransactions.organizationId, organizationId),
        inArray(walletTransactions.invoiceId, ids),
        eq(walletTransactions.transactionStatus, 'invoiced'),
      ),
    );
  const factsOf = listed(factsRows, (row) => row.invoiceId);
  const feesOf = listed(feeRows, (row) => row.invoiceId);
  const feeTaxesOf = listed(feeTaxRows, (row) => row.feeId);
  const taxesOf = listed(taxRows, (row) => row.invoiceId);
  const creditsOf = listed(creditRows, (row) => row.invoiceId);
  const usesOf = listed(uses, (row) => row.invoiceId);
  return rows.map((invoice) => ({
    invoice,
    facts: factsOf(invoice.id)[0] ?? null,
    fees: feesOf(invoice.id),
    feeTaxes: feesOf(invoice.id).flatMap((fee) => feeTaxesOf(fee.id)),
    taxes: taxesOf(invoice.id),
    credits: creditsOf(invoice.id),
    walletUses: usesOf(invoice.id).map(({ walletId, amountMinor }) => ({ walletId, amountMinor })),
  }));
}
