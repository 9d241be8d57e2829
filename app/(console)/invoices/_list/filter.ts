import { INVOICE_VIEWS, type InvoiceFilter, type InvoiceView } from '@/lib/queries/console/invoices';
import { oneOf, only } from '../../_list/address';

/** What the address of the list, and of its file, asks for; `unsaid` is the view of an address that names none. */
export const invoiceFilter = (
  words: Record<string, string | string[] | undefined>,
  unsaid: InvoiceView = 'drafts',
): InvoiceFilter => ({
  view: oneOf(INVOICE_VIEWS, only(words.view) ?? unsaid),
  currency: only(words.currency) ?? null,
  search: only(words.q)?.slice(0, 100) ?? null,
});
