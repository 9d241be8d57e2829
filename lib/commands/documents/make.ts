import { and, eq } from 'drizzle-orm';
import type { Databases, Tx } from '@/db/clients';
import { newId } from '@/db/ids';
import { creditNotes, type DocumentKind, documents, invoices } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import type { Cancelled, DocumentDescription } from '@/lib/adapters/documents/description';
import { localDate } from '@/lib/billing/periods/zone';
import { describeCreditNote } from '@/lib/queries/documents/credit-note-description';
import { describeInvoice } from '@/lib/queries/documents/invoice-description';
import { longDay } from '@/lib/queries/documents/words';
import { readClock } from '@/lib/schedule/clock';
import { announce } from '@/lib/schedule/outbox';

export interface DocumentRef {
  kind: DocumentKind;
  id: string;
}

export interface MadeDocument {
  description: DocumentDescription;
  /** What became of it since it was issued. */
  cancelled: Cancelled | null;
}

/**
 * The document of an issued invoice or credit note. The first who asks has it made: it is described, kept as it is then and
 * announced, in one transaction; everybody after reads what is kept. Null where there is none to be had: a draft, something
 * unknown, another organisation's.
 */
export async function makeDocument(
  databases: Databases,
  organizationId: string,
  ref: DocumentRef,
): Promise<MadeDocument | null> {
  const kept = await withTenant(databases, organizationId, (tx) => readDocument(tx, organizationId, ref), {
    readOnly: true,
  });
  if (kept) return kept;
  return withTenant(databases, organizationId, async (tx) => {
    await keep(tx, organizationId, ref);
    return readDocument(tx, organizationId, ref);
  });
}

async function readDocument(tx: Tx, organizationId: string, ref: DocumentRef): Promise<MadeDocument | null> {
  const [row] = await tx
    .select({ description: documents.description })
    .from(documents)
    .where(
      and(
        eq(documents.organizationId, organizationId),
        eq(documents.kind, ref.kind),
        eq(documents.objectId, ref.id),
      ),
    );
  if (!row) return null;
  return {
    description: row.description as DocumentDescription,
    cancelled: await (ref.kind === 'invoice' ? cancelledInvoice : cancelledNote)(tx, organizationId, ref.id),
  };
}

async function cancelledInvoice(tx: Tx, organizationId: string, id: string): Promise<Cancelled | null> {
  const [invoice] = await tx
    .select({ voidedAt: invoices.voidedAt, timezone: invoices.timezone })
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, id)));
  return invoice?.voidedAt ? cancelledOn(invoice.voidedAt, invoice.timezone) : null;
}

async function cancelledNote(tx: Tx, organizationId: string, id: string): Promise<Cancelled | null> {
  const [note] = await tx
    .select({ voidedAt: creditNotes.voidedAt, timezone: invoices.timezone })
    .from(creditNotes)
    .innerJoin(
      invoices,
      and(eq(invoices.organizationId, organizationId), eq(invoices.id, creditNotes.invoiceId)),
    )
    .where(and(eq(creditNotes.organizationId, organizationId), eq(creditNotes.id, id)));
  return note?.voidedAt ? cancelledOn(note.voidedAt, note.timezone) : null;
}

function cancelledOn(at: Date, timezone: string): Cancelled {
  return { words: { label: 'Cancelled', value: longDay(localDate(at.getTime(), timezone)) } };
}

/** Two may ask at the same time: one of them keeps and announces it. */
async function keep(tx: Tx, organizationId: string, { kind, id }: DocumentRef): Promise<void> {
  const describe = kind === 'invoice' ? describeInvoice : describeCreditNote;
  const description = await describe(tx, organizationId, id);
  if (!description) return;
  const { now } = await readClock(tx, organizationId);
  const [row] = await tx
    .insert(documents)
    .values({
      organizationId,
      id: newId(),
      kind,
      objectId: id,
      description,
      createdAt: new Date(now),
    })
    .onConflictDoNothing()
    .returning({ id: documents.id });
  if (row) await announce(tx, organizationId, now, { type: `${kind}.generated`, objectId: id });
}
