import { and, asc, desc, eq, exists, gte, ilike, inArray, lte, or, type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import {
  appliedUsageThresholds,
  billingEntities,
  customers,
  fees,
  type INVOICE_STATUSES,
  type INVOICE_TYPES,
  invoiceSubscriptions,
  invoices,
  invoiceTaxes,
  planVersions,
  subscriptions,
  usageThresholds,
} from '@/db/schema';
import { type CreditObject, loadInvoiceCredits } from './credits.ts';
import { type CustomerObject, containing, loadCustomerObjects } from './customers.ts';
import { type FeeObject, loadFeeObjects } from './fees.ts';
import { type Listed, offsetOf, type PageWindow } from './page.ts';
import { loadSubscriptionObjects, type SubscriptionObject } from './subscriptions.ts';

export type InvoiceRow = typeof invoices.$inferSelect;

export const VISIBLE_STATUSES = ['draft', 'finalized', 'voided', 'failed', 'pending'] as const;

/** A threshold a progressive invoice was made for. */
export interface AppliedThresholdObject {
  applied: typeof appliedUsageThresholds.$inferSelect;
  threshold: typeof usageThresholds.$inferSelect;
}

export interface BillingPeriodObject {
  period: typeof invoiceSubscriptions.$inferSelect;
  externalSubscriptionId: string;
  planId: string;
}

/** An invoice with its surroundings; what only the full object carries is empty in lists. */
export interface InvoiceObject {
  invoice: InvoiceRow;
  /** The customer, with the entity that issued this invoice. */
  customer: CustomerObject;
  issuer: CustomerObject['entity'];
  taxes: (typeof invoiceTaxes.$inferSelect)[];
  /** Of progressive invoices. */
  thresholds: AppliedThresholdObject[];
  subscriptions: SubscriptionObject[];
  periods: BillingPeriodObject[];
  fees: FeeObject[];
  credits: CreditObject[];
}

/** Objects of any number of invoices, in the order given; a fixed number of queries. `now` is the organisation's clock. */
export async function loadInvoiceObjects(
  tx: Tx,
  organizationId: string,
  rows: InvoiceRow[],
  options: { full: boolean; now: number },
): Promise<InvoiceObject[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const customerObjects = await loadCustomerObjects(
    tx,
    organizationId,
    rows.map(({ customerId }) => customerId),
  );
  const issuers = await loadIssuers(tx, organizationId, rows);
  const taxRows = await tx
    .select()
    .from(invoiceTaxes)
    .where(and(eq(invoiceTaxes.organizationId, organizationId), inArray(invoiceTaxes.invoiceId, ids)))
    .orderBy(asc(invoiceTaxes.createdAt), asc(invoiceTaxes.id));
  const thresholds = await loadThresholds(tx, organizationId, rows);
  const whole = options.full ? await loadWhole(tx, organizationId, ids, options.now) : null;
  return rows.flatMap((invoice): InvoiceObject[] => {
    const customer = customerObjects.get(invoice.customerId);
    if (!customer) return [];
    return [
      {
        invoice,
        customer,
        issuer: issuers.get(invoice.billingEntityId) ?? customer.entity,
        taxes: taxRows.filter(({ invoiceId }) => invoiceId === invoice.id),
        thresholds: thresholds.filter(({ applied }) => applied.invoiceId === invoice.id),
        ...(whole ? whole(invoice.id) : { subscriptions: [], periods: [], fees: [], credits: [] }),
      },
    ];
  });
}

async function loadThresholds(
  tx: Tx,
  organizationId: string,
  rows: InvoiceRow[],
): Promise<AppliedThresholdObject[]> {
  const ids = rows.flatMap(({ id, invoiceType }) => (invoiceType === 'progressive_billing' ? [id] : []));
  if (ids.length === 0) return [];
  return tx
    .select({ applied: appliedUsageThresholds, threshold: usageThresholds })
    .from(appliedUsageThresholds)
    .innerJoin(
      usageThresholds,
      and(
        eq(usageThresholds.organizationId, organizationId),
        eq(usageThresholds.id, appliedUsageThresholds.usageThresholdId),
      ),
    )
    .where(
      and(
        eq(appliedUsageThresholds.organizationId, organizationId),
        inArray(appliedUsageThresholds.invoiceId, ids),
      ),
    )
    .orderBy(asc(appliedUsageThresholds.thresholdAmountMinor), asc(appliedUsageThresholds.id));
}

async function loadIssuers(tx: Tx, organizationId: string, rows: InvoiceRow[]) {
  const found = await tx
    .select({
      id: billingEntities.id,
      code: billingEntities.code,
      timezone: billingEntities.timezone,
      documentNumberPrefix: billingEntities.documentNumberPrefix,
    })
    .from(billingEntities)
    .where(
      and(
        eq(billingEntities.organizationId, organizationId),
        inArray(billingEntities.id, [...new Set(rows.map(({ billingEntityId }) => billingEntityId))]),
      ),
    );
  return new Map(found.map((entity) => [entity.id, entity]));
}

async function loadWhole(tx: Tx, organizationId: string, invoiceIds: string[], now: number) {
  const links = await tx
    .select({ period: invoiceSubscriptions, subscription: subscriptions, planId: planVersions.planId })
    .from(invoiceSubscriptions)
    .innerJoin(
      subscriptions,
      and(
        eq(subscriptions.organizationId, organizationId),
        eq(subscriptions.id, invoiceSubscriptions.subscriptionId),
      ),
    )
    .innerJoin(
      planVersions,
      and(
        eq(planVersions.organizationId, organizationId),
        eq(planVersions.id, invoiceSubscriptions.planVersionId),
      ),
    )
    .where(
      and(
        eq(invoiceSubscriptions.organizationId, organizationId),
        inArray(invoiceSubscriptions.invoiceId, invoiceIds),
      ),
    )
    .orderBy(asc(invoiceSubscriptions.id));
  const unique = new Map(links.map(({ subscription }) => [subscription.id, subscription]));
  const objects = await loadSubscriptionObjects(tx, organizationId, [...unique.values()], now);
  const feeRows = await tx
    .select()
    .from(fees)
    .where(
      and(
        eq(fees.organizationId, organizationId),
        inArray(fees.invoiceId, invoiceIds),
        sql`${fees.deletedAt} is null`,
      ),
    )
    .orderBy(asc(fees.position), asc(fees.createdAt), asc(fees.id));
  const feeObjects = await loadFeeObjects(tx, organizationId, feeRows);
  const credits = await loadInvoiceCredits(tx, organizationId, invoiceIds);
  return (invoiceId: string) => {
    const own = links.filter(({ period }) => period.invoiceId === invoiceId);
    const ownIds = new Set(own.map(({ subscription }) => subscription.id));
    return {
      subscriptions: objects.filter(({ subscription }) => ownIds.has(subscription.id)),
      periods: own.map(({ period, subscription, planId }) => ({
        period,
        externalSubscriptionId: subscription.externalId,
        planId,
      })),
      fees: feeObjects.filter(({ fee }) => fee.invoiceId === invoiceId),
      credits: credits.filter(({ credit }) => credit.invoiceId === invoiceId),
    };
  };
}

export interface InvoiceFilters {
  externalCustomerId?: string;
  statuses?: (typeof INVOICE_STATUSES)[number][];
  paymentStatuses?: InvoiceRow['paymentStatus'][];
  invoiceType?: (typeof INVOICE_TYPES)[number];
  currency?: string;
  amountFrom?: bigint;
  amountTo?: bigint;
  issuingDateFrom?: string;
  issuingDateTo?: string;
  paymentOverdue?: boolean;
  partiallyPaid?: boolean;
  paymentDisputeLost?: boolean;
  selfBilled?: boolean;
  searchTerm?: string;
  purchaseOrderNumber?: string;
  billingEntityCodes?: string[];
  metadata?: Record<string, string>;
  /** Settled, whole or in part, by any of these. */
  settlements?: Settlement[];
}

export const SETTLEMENTS = ['payment', 'credit_note'] as const;
export type Settlement = (typeof SETTLEMENTS)[number];
const SETTLED_BY: Record<Settlement, SQL> = {
  payment: sql`${invoices.totalPaidAmountMinor} > 0`,
  credit_note: sql`${invoices.totalOffsettedCreditNoteAmountMinor} > 0`,
};

function ofCustomer(tx: Tx, organizationId: string, condition: SQL | undefined): SQL {
  return exists(
    tx
      .select({ one: sql`1` })
      .from(customers)
      .where(
        and(eq(customers.organizationId, organizationId), eq(customers.id, invoices.customerId), condition),
      ),
  );
}

function conditions(tx: Tx, organizationId: string, filters: InvoiceFilters): SQL | undefined {
  const given = <T>(value: T | undefined, make: (value: T) => SQL | undefined) =>
    value === undefined ? undefined : make(value);
  const visible = filters.statuses?.filter((status) =>
    (VISIBLE_STATUSES as readonly string[]).includes(status),
  );
  return and(
    eq(invoices.organizationId, organizationId),
    inArray(invoices.status, visible ?? [...VISIBLE_STATUSES]),
    given(filters.externalCustomerId, (value) =>
      ofCustomer(tx, organizationId, eq(customers.externalId, value)),
    ),
    given(filters.paymentStatuses, (values) => inArray(invoices.paymentStatus, values)),
    given(filters.invoiceType, (value) => eq(invoices.invoiceType, value)),
    given(filters.currency, (value) => eq(invoices.currency, value)),
    given(filters.amountFrom, (value) => gte(invoices.totalAmountMinor, value)),
    given(filters.amountTo, (value) => lte(invoices.totalAmountMinor, value)),
    given(filters.issuingDateFrom, (value) => gte(invoices.issuingDate, value)),
    given(filters.issuingDateTo, (value) => lte(invoices.issuingDate, value)),
    given(filters.paymentOverdue, (value) => eq(invoices.paymentOverdue, value)),
    given(filters.partiallyPaid, (value) =>
      value
        ? sql`${invoices.totalPaidAmountMinor} > 0 and ${invoices.totalPaidAmountMinor} < ${invoices.totalAmountMinor}`
        : sql`(${invoices.totalPaidAmountMinor} = 0 or ${invoices.totalPaidAmountMinor} >= ${invoices.totalAmountMinor})`,
    ),
    given(filters.paymentDisputeLost, (value) =>
      value
        ? sql`${invoices.paymentDisputeLostAt} is not null`
        : sql`${invoices.paymentDisputeLostAt} is null`,
    ),
    given(filters.selfBilled, (value) => eq(invoices.selfBilled, value)),
    given(filters.settlements, (values) => or(...values.map((value) => SETTLED_BY[value]))),
    given(filters.purchaseOrderNumber, (value) => eq(invoices.purchaseOrderNumber, value)),
    given(filters.searchTerm, (term) => {
      const pattern = containing(term);
      return or(
        ilike(invoices.number, pattern),
        sql`${invoices.id}::text = ${term.trim().toLowerCase()}`,
        ofCustomer(
          tx,
          organizationId,
          or(
            ilike(customers.name, pattern),
            ilike(customers.firstname, pattern),
            ilike(customers.lastname, pattern),
            ilike(customers.legalName, pattern),
            ilike(customers.externalId, pattern),
            ilike(customers.email, pattern),
          ),
        ),
      );
    }),
    given(filters.billingEntityCodes, (codes) =>
      inArray(
        invoices.billingEntityId,
        tx
          .select({ id: billingEntities.id })
          .from(billingEntities)
          .where(
            and(eq(billingEntities.organizationId, organizationId), inArray(billingEntities.code, codes)),
          ),
      ),
    ),
    ...Object.entries(filters.metadata ?? {}).map(
      ([key, value]) => sql`${invoices.metadata} @> ${JSON.stringify([{ key, value }])}::jsonb`,
    ),
  );
}

/** Visible invoices, newest first. */
export async function listInvoices(
  tx: Tx,
  organizationId: string,
  filters: InvoiceFilters,
  window: PageWindow,
  now: number,
): Promise<Listed<InvoiceObject>> {
  const where = conditions(tx, organizationId, filters);
  const totalCount = await tx.$count(invoices, where);
  const rows = await tx
    .select()
    .from(invoices)
    .where(where)
    .orderBy(desc(invoices.createdAt), desc(invoices.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return { totalCount, rows: await loadInvoiceObjects(tx, organizationId, rows, { full: false, now }) };
}

/** One invoice with everything on it; null when it does not exist or is not shown. */
export async function findInvoice(
  tx: Tx,
  organizationId: string,
  id: string,
  now: number,
): Promise<InvoiceObject | null> {
  const rows = await tx
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        eq(invoices.id, id),
        inArray(invoices.status, [...VISIBLE_STATUSES]),
      ),
    );
  const [object] = await loadInvoiceObjects(tx, organizationId, rows, { full: true, now });
  return object ?? null;
}
