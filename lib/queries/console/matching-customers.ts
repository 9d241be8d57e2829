import { type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { likeText, uuids } from './sql';

/** More than this are not added up, nor looked up one by one. */
export const MOST_MATCHING = 1_000;

/** The customers that words find. */
export interface MatchingCustomers {
  ids: string[];
  /** Set when there are more of them than `ids` says: the pattern all of them match. */
  everyoneLike: string | null;
}

/** Looks words up inside names, e-mail addresses, web addresses and own ids. Null without words. */
export async function matchingCustomers(tx: Tx, words: string | null): Promise<MatchingCustomers | null> {
  if (!words) return null;
  const like = `%${likeText(words.toLowerCase())}%`;
  const [row] = await tx.execute<{ ids: string[] }>(
    sql`select array(select customers_matching(${like}, ${MOST_MATCHING + 1})) as ids`,
  );
  const ids = row?.ids ?? [];
  return { ids, everyoneLike: ids.length > MOST_MATCHING ? like : null };
}

/** The condition on standings called st. */
export function amongThem({ ids, everyoneLike }: MatchingCustomers): SQL {
  return everyoneLike
    ? sql`st.customer_id in (select customers_matching(${everyoneLike}, null))`
    : sql`st.customer_id = any(${uuids(ids)})`;
}
