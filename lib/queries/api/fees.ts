import { and, asc, eq, exists, gte, inArray, isNull, lte, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Tx } from '@/db/clients';
import {
  billableMetrics,
  customers,
  type FEE_TYPES,
  fees,
  feeTaxes,
  fixedCharges,
  invoices,
  subscriptions,
} from '@/db/schema';
import { type Listed, offsetOf, type PageWindow } from './page.ts';

export type FeeRow = typeof fees.$inferSelect;

/** A fee with what its wire object needs. */
export interface FeeObject {
  fee: FeeRow;
  externalCustomerId: string | null;
  externalSubscriptionId: string | null;
  /** The true-up made because of this fee. */
  trueUpFeeId: string | null;
  /** The add-on behind a fixed charge. */
  addOnId: string | null;
  /** Whether its invoice is issued by the customer in our name. */
  selfBilled: boolean;
  taxes: (typeof feeTaxes.$inferSelect)[];
}

/** Objects of any number of fees, in the order given; a fixed number of queries. */
export async function loadFeeObjects(tx: Tx, organizationId: string, rows: FeeRow[]): Promise<FeeObject[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const present = (values: (string | null)[]) => [...new Set(values.filter((value) => value !== null))];
  const customerRows = await tx
    .select({ id: customers.id, externalId: customers.externalId })
    .from(customers)
    .where(
      and(
        eq(customers.organizationId, organizationId),
        inArray(customers.id, present(rows.map(({ customerId }) => customerId))),
      ),
    );
  const subscriptionRows = await lookUp(tx, organizationId, present(rows.map((row) => row.subscriptionId)));
  const taxRows = await tx
    .select()
    .from(feeTaxes)
    .where(and(eq(feeTaxes.organizationId, organizationId), inArray(feeTaxes.feeId, ids)))
    .orderBy(asc(feeTaxes.createdAt), asc(feeTaxes.id));
  const trueUps = await tx
    .select({ id: fees.id, parentId: fees.trueUpParentFeeId })
    .from(fees)
    .where(
      and(
        eq(fees.organizationId, organizationId),
        inArray(fees.trueUpParentFeeId, ids),
        isNull(fees.deletedAt),
      ),
    );
  const addOnRows = await addOnsOf(
    tx,
    organizationId,
    present(rows.map(({ fixedChargeId }) => fixedChargeId)),
  );
  const selfBilled = await selfBilledOf(tx, organizationId, present(rows.map(({ invoiceId }) => invoiceId)));
  const externalCustomer = new Map(customerRows.map(({ id, externalId }) => [id, externalId]));
  return rows.map((fee) => ({
    fee,
    externalCustomerId: externalCustomer.get(fee.customerId) ?? null,
    externalSubscriptionId: fee.subscriptionId ? (subscriptionRows.get(fee.subscriptionId) ?? null) : null,
    trueUpFeeId: trueUps.find(({ parentId }) => parentId === fee.id)?.id ?? null,
    addOnId: fee.fixedChargeId ? (addOnRows.get(fee.fixedChargeId) ?? null) : null,
    selfBilled: fee.invoiceId !== null && selfBilled.has(fee.invoiceId),
    taxes: taxRows.filter(({ feeId }) => feeId === fee.id),
  }));
}

/** Which of these invoices are self-billed. */
async function selfBilledOf(tx: Tx, organizationId: string, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .select({ id: invoices.id })
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        inArray(invoices.id, ids),
        eq(invoices.selfBilled, true),
      ),
    );
  return new Set(rows.map(({ id }) => id));
}

async function lookUp(tx: Tx, organizationId: string, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ id: subscriptions.id, externalId: subscriptions.externalId })
    .from(subscriptions)
    .where(and(eq(subscriptions.organizationId, organizationId), inArray(subscriptions.id, ids)));
  return new Map(rows.map(({ id, externalId }) => [id, externalId]));
}

async function addOnsOf(tx: Tx, organizationId: string, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ id: fixedCharges.id, addOnId: fixedCharges.addOnId })
    .from(fixedCharges)
    .where(and(eq(fixedCharges.organizationId, organizationId), inArray(fixedCharges.id, ids)));
  return new Map(rows.map(({ id, addOnId }) => [id, addOnId]));
}

export interface InstantRange {
  from?: Date;
  to?: Date;
}

export interface FeeFilters {
  externalCustomerId?: string;
  externalSubscriptionId?: string;
  currency?: string;
  feeType?: (typeof FEE_TYPES)[number];
  billableMetricCode?: string;
  paymentStatus?: FeeRow['paymentStatus'];
  eventTransactionId?: string;
  createdAt?: InstantRange;
  succeededAt?: InstantRange;
  failedAt?: InstantRange;
  refundedAt?: InstantRange;
}

const HIDDEN = ['generating', 'open', 'closed', 'deleted'] as const;

function within(column: PgColumn, range: InstantRange | undefined): (SQL | undefined)[] {
  return [range?.from && gte(column, range.from), range?.to && lte(column, range.to)];
}

function conditions(tx: Tx, organizationId: string, filters: FeeFilters): SQL | undefined {
  const one = { one: sql`1` };
  const { externalCustomerId, externalSubscriptionId, billableMetricCode } = filters;
  return and(
    eq(fees.organizationId, organizationId),
    isNull(fees.deletedAt),
    // A fee of an invoice that is not shown is not shown either; one without an invoice is.
    sql`not ${exists(
      tx
        .select(one)
        .from(invoices)
        .where(
          and(
            eq(invoices.organizationId, organizationId),
            eq(invoices.id, fees.invoiceId),
            inArray(invoices.status, [...HIDDEN]),
          ),
        ),
    )}`,
    externalCustomerId === undefined
      ? undefined
      : exists(
          tx
            .select(one)
            .from(customers)
            .where(
              and(
                eq(customers.organizationId, organizationId),
                eq(customers.id, fees.customerId),
                eq(customers.externalId, externalCustomerId),
              ),
            ),
        ),
    externalSubscriptionId === undefined
      ? undefined
      : inArray(
          fees.subscriptionId,
          tx
            .select({ id: subscriptions.id })
            .from(subscriptions)
            .where(
              and(
                eq(subscriptions.organizationId, organizationId),
                eq(subscriptions.externalId, externalSubscriptionId),
              ),
            ),
        ),
    billableMetricCode === undefined
      ? undefined
      : inArray(
          fees.billableMetricId,
          tx
            .select({ id: billableMetrics.id })
            .from(billableMetrics)
            .where(
              and(
                eq(billableMetrics.organizationId, organizationId),
                eq(billableMetrics.code, billableMetricCode),
              ),
            ),
        ),
    filters.currency === undefined ? undefined : eq(fees.currency, filters.currency),
    filters.feeType === undefined ? undefined : eq(fees.feeType, filters.feeType),
    filters.paymentStatus === undefined ? undefined : eq(fees.paymentStatus, filters.paymentStatus),
    filters.eventTransactionId === undefined
      ? undefined
      : eq(fees.eventTransactionId, filters.eventTransactionId),
    ...within(fees.createdAt, filters.createdAt),
    ...within(fees.succeededAt, filters.succeededAt),
    ...within(fees.failedAt, filters.failedAt),
    ...within(fees.refundedAt, filters.refundedAt),
  );
}

/** Fees, oldest first (API contract, section 1). */
export async function listFees(
  tx: Tx,
  organizationId: string,
  filters: FeeFilters,
  window: PageWindow,
): Promise<Listed<FeeObject>> {
  const where = conditions(tx, organizationId, filters);
  const totalCount = await tx.$count(fees, where);
  const rows = await tx
    .select()
    .from(fees)
    .where(where)
    .orderBy(asc(fees.createdAt), asc(fees.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return { totalCount, rows: await loadFeeObjects(tx, organizationId, rows) };
}

/** Null when there is none. */
export async function findFee(tx: Tx, organizationId: string, id: string): Promise<FeeObject | null> {
  const rows = await tx
    .select()
    .from(fees)
    .where(and(eq(fees.organizationId, organizationId), eq(fees.id, id), isNull(fees.deletedAt)));
  const [object] = await loadFeeObjects(tx, organizationId, rows);
  return object ?? null;
}
