import { z } from 'zod';
import type { Tx } from '@/db/clients';
import { localDate } from '@/lib/billing/periods/zone';
import { findBillingEntity, findCustomer } from '@/lib/commands/customers/find';
import {
  type AnalyticsFilters,
  grossRevenue,
  invoiceCollection,
  invoicedUsage,
  mrr,
  overdueBalance,
} from '@/lib/queries/api/analytics';
import { readOrganization } from '@/lib/queries/api/organizations';
import { readClock } from '@/lib/schedule/clock';
import type { Door } from '../environment.ts';
import { unknown, unprocessable } from '../errors.ts';
import type { QueryFilters } from '../query.ts';
import type { ApiRequest } from '../request.ts';
import { get } from '../routes.ts';
import { all, is } from '../wire-schema.ts';

const FILTERS = ['currency', 'external_customer_id', 'months', 'billing_entity_code'];
const MONTH = { month: is.ts3, amount_cents: is.cents.nullable(), currency: is.currency.nullable() };

const DEFAULT_MONTHS = 12;
const MOST_MONTHS = 120;

function monthsOf(query: QueryFilters): number {
  const text = query.text('months');
  if (text === undefined) return DEFAULT_MONTHS;
  const months = Number(text);
  if (Number.isInteger(months) && months > 0 && months <= MOST_MONTHS) return months;
  throw unprocessable({ months: ['value_is_out_of_range'] });
}

async function filtersOf(tx: Tx, request: ApiRequest): Promise<AnalyticsFilters> {
  const { organizationId, query } = request;
  const found = await readOrganization(tx, organizationId);
  if (!found) throw unknown('organization');
  const { now } = await readClock(tx, organizationId);
  const externalCustomerId = query.text('external_customer_id');
  if (externalCustomerId !== undefined) await findCustomer(tx, organizationId, externalCustomerId);
  const code = query.text('billing_entity_code');
  const entity = code === undefined ? null : await findBillingEntity(tx, organizationId, code);
  const timezone = found.organization.settings.reportingTimezone ?? found.entity.timezone;
  return {
    today: localDate(now, timezone),
    months: monthsOf(query),
    currency: query.text('currency')?.toUpperCase(),
    externalCustomerId,
    billingEntityId: entity?.id,
  };
}

interface Month {
  month: string;
  amount: string | null;
  currency: string | null;
}

function monthWire({ month, amount, currency }: Month, asked: AnalyticsFilters) {
  return {
    month: `${month}T00:00:00.000Z`,
    amount_cents: amount === null ? null : BigInt(amount),
    currency: currency ?? asked.currency ?? null,
  };
}

/** One list of months, unpaged, under `root`. */
function mount<T extends Month, S extends z.ZodRawShape>(
  door: Door,
  path: string,
  root: string,
  shape: S,
  load: (tx: Tx, organizationId: string, filters: AnalyticsFilters) => Promise<T[]>,
  members: (row: T, filters: AnalyticsFilters) => z.output<z.ZodObject<S>>,
): void {
  const answers: z.ZodType<Record<string, object[]>> = all(root, z.object({ ...MONTH, ...shape }));
  get(door, `/analytics/${path}`, { answers, filters: FILTERS }, (request) =>
    request.read(async (tx) => {
      const filters = await filtersOf(tx, request);
      const rows = await load(tx, request.organizationId, filters);
      return { [root]: rows.map((row) => ({ ...monthWire(row, filters), ...members(row, filters) })) };
    }),
  );
}

/** Revenue figures (API contract, section 11), each unpaged, the oldest month first. */
export function analytics(door: Door): void {
  mount(
    door,
    'gross_revenue',
    'gross_revenues',
    { invoices_count: is.int, billing_entity_id: is.uuid.nullable() },
    grossRevenue,
    ({ count }, { billingEntityId }) => ({
      invoices_count: count,
      billing_entity_id: billingEntityId ?? null,
    }),
  );
  mount(door, 'mrr', 'mrrs', {}, mrr, () => ({}));
  mount(
    door,
    'invoice_collection',
    'invoice_collections',
    { payment_status: is.str.nullable(), invoices_count: is.int },
    invoiceCollection,
    (row) => ({
      payment_status: row.paymentStatus,
      invoices_count: row.count,
    }),
  );
  mount(
    door,
    'invoiced_usage',
    'invoiced_usages',
    { code: is.str.nullable() },
    invoicedUsage,
    ({ code }) => ({ code }),
  );
  mount(
    door,
    'overdue_balance',
    'overdue_balances',
    { lago_invoice_ids: z.array(is.uuid), billing_entity_id: is.uuid.nullable() },
    overdueBalance,
    (row, { billingEntityId }) => ({
      lago_invoice_ids: row.invoiceIds,
      billing_entity_id: billingEntityId ?? null,
    }),
  );
}
