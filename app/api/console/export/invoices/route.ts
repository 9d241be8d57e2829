import { csvAnswer, decimal, isoInstant } from '@/app/(console)/_list/csv';
import { readingFor } from '@/app/(console)/_reading/tenant';
import { invoiceFilter } from '@/app/(console)/invoices/_list/filter';
import { currentPerson } from '@/lib/auth/current';
import { type InvoiceRow, invoicesPage } from '@/lib/queries/console/invoices';
import { matchingInvoices } from '@/lib/queries/console/matching-invoices';

const ROWS_AT_ONCE = 500;

/** The invoices of a list's filter as a file. */
export async function GET(asked: Request): Promise<Response> {
  const person = await currentPerson();
  if (!person) return new Response('Sign in first.', { status: 401 });
  const filter = invoiceFilter(Object.fromEntries(new URL(asked.url).searchParams));
  return csvAnswer<InvoiceRow>({
    name: 'invoices',
    columns: [
      ['id', (row) => row.id],
      ['number', (row) => row.number],
      ['customer_id', (row) => row.customerId],
      ['customer', (row) => row.customerName],
      ['status', (row) => row.status],
      ['payment_status', (row) => row.paymentStatus],
      ['overdue', (row) => (row.overdue ? 'yes' : 'no')],
      ['currency', (row) => row.currency],
      ['total', (row) => decimal(row.totalMinor, row.currency)],
      ['due', (row) => decimal(row.dueMinor, row.currency)],
      ['issuing_date', (row) => row.issuingDate],
      ['due_date', (row) => row.dueDate],
      ['created_at', (row) => isoInstant(row.createdAt)],
    ],
    page: (after) =>
      readingFor(person, async ({ tx, organizationId }) => {
        const matching = await matchingInvoices(tx, filter.search);
        return invoicesPage(tx, organizationId, filter, matching, after, ROWS_AT_ONCE);
      }),
  });
}
