import { sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { withTenant } from '@/db/tenancy';
import { writeCursor } from '@/lib/queries/console/cursor';
import { BILLING_DAY } from './aged.ts';

/** What screens are looked at with: somebody, one of their invoices, and the middle of every list. */
export interface Places {
  organizationId: string;
  now: number;
  customerId: string;
  externalId: string;
  planId: string;
  planVersionId: string;
  invoiceId: string;
  number: string;
  /** Cursors of the row in the middle of each list. */
  middle: { name: string; newest: string; invoice: string; payment: string; act: string };
}

/** Finds them in a company made by `agedCompany`. */
export async function placesOf(databases: Databases, organizationId: string): Promise<Places> {
  return withTenant(
    databases,
    organizationId,
    async (tx) => {
      const middleOf = async (table: string, value: string, order: string) => {
        const [row] = await tx.execute<{ value: string; id: string }>(
          sql.raw(`select (${value})::text as value, id from ${table} order by ${order}
          offset (select count(*) / 2 from ${table}) limit 1`),
        );
        return writeCursor(row ?? { value: '', id: '' });
      };
      const byTime = (table: string, time = 'created_at') =>
        middleOf(table, `(extract(epoch from ${time}) * 1000)::int8`, `${time} desc, id desc`);
      const [one] = await tx.execute<
        Pick<Places, 'customerId' | 'externalId' | 'planId' | 'planVersionId' | 'invoiceId' | 'number'>
      >(sql`
      select c.id as "customerId", s.external_id as "externalId", s.plan_id as "planId",
        s.plan_version_id as "planVersionId", i.id as "invoiceId",
        i.number
      from customers c join subscriptions s on s.customer_id = c.id and s.status = 'active'
      join invoices i on i.customer_id = c.id
      where c.sort_name = 'billed-7' or c.external_id = 'billed-7' order by i.created_at desc limit 1`);
      if (!one) throw new Error('The company has nobody to look at');
      const middle = {
        name: await middleOf('customers', 'sort_name', 'sort_name, id'),
        newest: await byTime('customers'),
        invoice: await byTime('invoices'),
        payment: await byTime('payments'),
        act: await byTime('audit_rows', 'occurred_at'),
      };
      return { organizationId, now: BILLING_DAY, ...one, middle };
    },
    { statementTimeoutMs: 120_000 },
  );
}
