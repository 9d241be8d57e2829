import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { credits } from '@/db/schema';

type CreditRow = typeof credits.$inferSelect;

/** A credit with the object it came from and the invoice it was used on. */
export interface CreditObject {
  credit: CreditRow;
  item: { id: string; code: string; name: string; description: string | null };
  invoice: { id: string; paymentStatus: string };
}

async function load(tx: Tx, organizationId: string, where: SQL): Promise<CreditObject[]> {
  const rows = await tx
    .select()
    .from(credits)
    .where(and(eq(credits.organizationId, organizationId), where))
    .orderBy(asc(credits.createdAt), asc(credits.id));
  if (rows.length === 0) return [];
  const origins = await tx.execute<{
    id: string;
    item_id: string;
    code: string;
    name: string;
    description: string | null;
    payment_status: string;
  }>(sql`
    select cr.id, i.payment_status,
           coalesce(c.id, cn.id, p.id) as item_id, coalesce(c.code, cn.number, p.number, '') as code,
           coalesce(c.name, cni.number, p.number, '') as name, coalesce(c.description, cn.description) as description
    from credits cr
    join invoices i on i.organization_id = cr.organization_id and i.id = cr.invoice_id
    left join applied_coupons a on a.organization_id = cr.organization_id and a.id = cr.applied_coupon_id
    left join coupons c on c.organization_id = cr.organization_id and c.id = a.coupon_id
    left join credit_notes cn on cn.organization_id = cr.organization_id and cn.id = cr.credit_note_id
    left join invoices cni on cni.organization_id = cr.organization_id and cni.id = cn.invoice_id
    left join invoices p on p.organization_id = cr.organization_id and p.id = cr.progressive_invoice_id
    where cr.organization_id = ${organizationId}
      and cr.id in (select jsonb_array_elements_text(${JSON.stringify(rows.map(({ id }) => id))}::jsonb)::uuid)`);
  return rows.map((credit) => {
    const origin = origins.find(({ id }) => id === credit.id)!;
    const { item_id: id, code, name, description } = origin;
    return {
      credit,
      item: { id, code, name, description },
      invoice: { id: credit.invoiceId, paymentStatus: origin.payment_status },
    };
  });
}

/** What was used on these invoices, oldest first. */
export function loadInvoiceCredits(
  tx: Tx,
  organizationId: string,
  invoiceIds: string[],
): Promise<CreditObject[]> {
  return invoiceIds.length === 0
    ? Promise.resolve([])
    : load(tx, organizationId, inArray(credits.invoiceId, invoiceIds));
}

/** What these applied coupons were used for, oldest first. */
export function loadCouponCredits(
  tx: Tx,
  organizationId: string,
  appliedCouponIds: string[],
): Promise<CreditObject[]> {
  return appliedCouponIds.length === 0
    ? Promise.resolve([])
    : load(tx, organizationId, inArray(credits.appliedCouponId, appliedCouponIds));
}
