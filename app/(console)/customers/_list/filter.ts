import { CUSTOMER_VIEWS, type CustomerFilter } from '@/lib/queries/console/customers';
import { oneOf, only } from '../../_list/address';

/** What the address of the list, and of its file, asks for. */
export const customerFilter = (words: Record<string, string | string[] | undefined>): CustomerFilter => ({
  view: oneOf(CUSTOMER_VIEWS, only(words.view)),
  plan: only(words.plan) ?? null,
  search: only(words.q)?.slice(0, 100) ?? null,
  sort: oneOf(['name', 'newest'] as const, only(words.sort)),
});
