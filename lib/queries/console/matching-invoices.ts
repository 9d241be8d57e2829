import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { MOST_MATCHING } from './matching-customers';
import { likeText, rowLimit, uuids } from './sql';

/** Up to so many customers are read one by one; beyond, invoices are gone through from the latest until a page is full. */
const ONE_BY_ONE = 150;

/** What words find: invoices by their number, and the customers whose invoices are all found. */
export interface MatchingInvoices {
  invoiceIds: string[];
  customerIds: string[];
  /** Set when there are more customers than `customerIds` says. */
  everyCustomerLike: string | null;
}

/**
 * Looks up what a list's words mean: the beginning or the end of a number, or words inside a customer's name, e-mail,
 * address or own id. Null without words.
 */
export async function matchingInvoices(tx: Tx, words: string | null): Promise<MatchingInvoices | null> {
  if (!words) return null;
  const text = words.toLowerCase();
  const like = `%${likeText(text)}%`;
  const [row] = await tx.execute<{ invoices: string[]; customers: string[] }>(sql`
    select array(select invoices_numbered(${text}, ${`-${text}`}, ${MOST_MATCHING + 1})) as invoices,
      array(select customers_matching(${like}, ${MOST_MATCHING + 1})) as customers`);
  const customerIds = row?.customers ?? [];
  return {
    invoiceIds: row?.invoices ?? [],
    customerIds,
    everyCustomerLike: customerIds.length > MOST_MATCHING ? like : null,
  };
}

/** The condition on invoices called i. */
export function anyOf({ invoiceIds, customerIds, everyCustomerLike }: MatchingInvoices): SQL {
  const ofThem = everyCustomerLike
    ? sql`i.customer_id in (select customers_matching(${everyCustomerLike}, null))`
    : sql`i.customer_id = any(${uuids(customerIds)})`;
  return sql`(i.id = any(${uuids(invoiceIds)}) or ${ofThem})`;
}

/** `from` of the latest matching invoices, called i, cut to `size` before anything is looked up for them. */
export function cutFrom(
  organizationId: string,
  matching: MatchingInvoices,
  where: readonly SQL[],
  size: number,
): SQL {
  const conditions = sql.join([...where], sql` and `);
  const latest = sql`order by i.created_at desc, i.id desc ${rowLimit(size)}`;
  if (matching.customerIds.length > ONE_BY_ONE) {
    return sql`(select i.* from invoices i where ${conditions} and ${anyOf(matching)} ${latest}) i`;
  }
  return sql`(
    select i.id, i.created_at from (
      select i.id, i.created_at from unnest(${uuids(matching.invoiceIds)}) numbered (id)
      join invoices i on i.organization_id = ${organizationId} and i.id = numbered.id where ${conditions}
      union
      select own.id, own.created_at from unnest(${uuids(matching.customerIds)}) of_them (id)
      cross join lateral (
        select i.id, i.created_at from invoices i where i.customer_id = of_them.id and ${conditions} ${latest}
      ) own
    ) i ${latest}
  ) found
  join invoices i on i.organization_id = ${organizationId} and i.id = found.id`;
}
