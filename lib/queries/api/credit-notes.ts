import { and, asc, desc, eq, gte, ilike, inArray, lte, or, type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import {
  type CreditNoteReason,
  creditNoteItems,
  creditNotes,
  creditNoteTaxes,
  fees,
  invoices,
} from '@/db/schema';
import { type CustomerObject, containing, loadCustomerObjects } from './customers.ts';
import { type FeeObject, loadFeeObjects } from './fees.ts';
import { type Listed, offsetOf, type PageWindow } from './page.ts';

export type CreditNoteRow = typeof creditNotes.$inferSelect;

/** A credit note with its surroundings. */
export interface CreditNoteObject {
  note: CreditNoteRow;
  invoice: { number: string | null; purchaseOrderNumber: string | null };
  customer: CustomerObject;
  items: { item: typeof creditNoteItems.$inferSelect; fee: FeeObject }[];
  taxes: (typeof creditNoteTaxes.$inferSelect)[];
}

/** Objects of any number of notes, in the order given; a fixed number of queries. */
export async function loadCreditNoteObjects(
  tx: Tx,
  organizationId: string,
  rows: CreditNoteRow[],
): Promise<CreditNoteObject[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const owners = await loadCustomerObjects(
    tx,
    organizationId,
    rows.map(({ customerId }) => customerId),
  );
  const invoiceRows = await tx
    .select({
      id: invoices.id,
      number: invoices.number,
      purchaseOrderNumber: invoices.purchaseOrderNumber,
    })
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        inArray(
          invoices.id,
          rows.map(({ invoiceId }) => invoiceId),
        ),
      ),
    );
  const items = await tx
    .select({ item: creditNoteItems, fee: fees })
    .from(creditNoteItems)
    .innerJoin(fees, and(eq(fees.organizationId, organizationId), eq(fees.id, creditNoteItems.feeId)))
    .where(
      and(eq(creditNoteItems.organizationId, organizationId), inArray(creditNoteItems.creditNoteId, ids)),
    )
    .orderBy(asc(fees.position), asc(creditNoteItems.id));
  const feeObjects = await loadFeeObjects(
    tx,
    organizationId,
    items.map(({ fee }) => fee),
  );
  const taxes = await tx
    .select()
    .from(creditNoteTaxes)
    .where(
      and(eq(creditNoteTaxes.organizationId, organizationId), inArray(creditNoteTaxes.creditNoteId, ids)),
    )
    .orderBy(asc(creditNoteTaxes.createdAt), asc(creditNoteTaxes.id));
  return rows.flatMap((note) => {
    const customer = owners.get(note.customerId);
    const invoice = invoiceRows.find(({ id }) => id === note.invoiceId);
    if (!customer || !invoice) return [];
    return [
      {
        note,
        invoice,
        customer,
        items: items.flatMap(({ item, fee }, index) => {
          const object = feeObjects[index];
          return item.creditNoteId === note.id && object?.fee.id === fee.id ? [{ item, fee: object }] : [];
        }),
        taxes: taxes.filter(({ creditNoteId }) => creditNoteId === note.id),
      },
    ];
  });
}

export interface CreditNoteFilters {
  id?: string;
  externalCustomerId?: string;
  searchTerm?: string;
  currency?: string;
  reasons?: CreditNoteReason[];
  creditStatuses?: NonNullable<CreditNoteRow['creditStatus']>[];
  refundStatuses?: NonNullable<CreditNoteRow['refundStatus']>[];
  types?: ('credit' | 'refund' | 'offset')[];
  invoiceNumber?: string;
  purchaseOrderNumber?: string;
  issuingDateFrom?: string;
  issuingDateTo?: string;
  amountFrom?: bigint;
  amountTo?: bigint;
  selfBilled?: boolean;
  billingEntityCodes?: string[];
}

function conditions(organizationId: string, filters: CreditNoteFilters): SQL | undefined {
  const n = creditNotes;
  const given = <T>(value: T | undefined, make: (value: T) => SQL | undefined) =>
    value === undefined ? undefined : make(value);
  const ofInvoice = (condition: SQL) =>
    sql`exists (select 1 from invoices i where i.organization_id = ${organizationId} and i.id = ${n.invoiceId} and ${condition})`;
  return and(
    eq(n.organizationId, organizationId),
    eq(n.status, 'finalized'),
    given(filters.id, (value) => eq(n.id, value)),
    given(
      filters.externalCustomerId,
      (value) => sql`exists (select 1 from customers c where c.organization_id = ${organizationId}
        and c.id = ${n.customerId} and c.external_id = ${value})`,
    ),
    given(filters.searchTerm, (term) =>
      or(
        ilike(n.number, containing(term)),
        sql`${n.id}::text = ${term.trim().toLowerCase()}`,
        sql`exists (select 1 from customers c where c.organization_id = ${organizationId} and c.id = ${n.customerId}
          and (c.name ilike ${containing(term)} or c.external_id ilike ${containing(term)} or c.email ilike ${containing(term)}))`,
      ),
    ),
    given(filters.currency, (value) => eq(n.currency, value)),
    given(filters.reasons, (values) => inArray(n.reason, values)),
    given(filters.creditStatuses, (values) => inArray(n.creditStatus, values)),
    given(filters.refundStatuses, (values) => inArray(n.refundStatus, values)),
    given(filters.types, (values) =>
      or(
        ...values.map((type) =>
          type === 'credit'
            ? sql`${n.creditAmountMinor} > 0`
            : type === 'refund'
              ? sql`${n.refundAmountMinor} > 0`
              : sql`${n.offsetAmountMinor} > 0`,
        ),
      ),
    ),
    given(filters.invoiceNumber, (value) => ofInvoice(sql`i.number = ${value}`)),
    given(filters.purchaseOrderNumber, (value) => ofInvoice(sql`i.purchase_order_number = ${value}`)),
    given(filters.issuingDateFrom, (value) => gte(n.issuingDate, value)),
    given(filters.issuingDateTo, (value) => lte(n.issuingDate, value)),
    given(filters.amountFrom, (value) => gte(n.totalAmountMinor, value)),
    given(filters.amountTo, (value) => lte(n.totalAmountMinor, value)),
    given(filters.selfBilled, (value) => eq(n.selfBilled, value)),
    given(filters.billingEntityCodes, (codes) =>
      ofInvoice(
        sql`i.billing_entity_id in (select b.id from billing_entities b where b.organization_id = ${organizationId} and b.code in ${codes})`,
      ),
    ),
  );
}

/** Finished credit notes, newest first. */
export async function listCreditNotes(
  tx: Tx,
  organizationId: string,
  filters: CreditNoteFilters,
  window: PageWindow,
): Promise<Listed<CreditNoteObject>> {
  const where = conditions(organizationId, filters);
  const rows = await tx
    .select()
    .from(creditNotes)
    .where(where)
    .orderBy(desc(creditNotes.createdAt), desc(creditNotes.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return {
    totalCount: await tx.$count(creditNotes, where),
    rows: await loadCreditNoteObjects(tx, organizationId, rows),
  };
}

/** Null when there is none that is finished. */
export async function readCreditNote(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<CreditNoteObject | null> {
  const { rows } = await listCreditNotes(tx, organizationId, { id }, { page: 1, perPage: 1 });
  return rows[0] ?? null;
}
