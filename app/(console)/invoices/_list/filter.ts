import { INVOICE_VIEWS, type InvoiceFilter } from '@/lib/queries/console/invoices';
import { oneOf, only } from '../../_list/address';

/** What the address of the list, and of its file, asks for. */
export const invoiceFilter = (words: Record<string, string | string[] | undefined>): InvoiceFilter => ({
  view: oneOf(INVOICE_VIEWS, only(words.view)),
  currency: only(words.currency) ?? null,
  search: only(words.q)?.slice(0, 100) ?? null,
});
