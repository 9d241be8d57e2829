import { FEE_TYPES } from '@/db/schema';
import { isUuid } from '@/lib/commands/core/fields';
import { type FeeFilters, findFee, type InstantRange, listFees } from '@/lib/queries/api/fees';
import type { Door } from '../environment.ts';
import { unknown, unprocessable } from '../errors.ts';
import type { QueryFilters } from '../query.ts';
import { get } from '../routes.ts';
import { feeDetailSchema, feeDetailWire } from '../serializers/fee.ts';
import { one, page } from '../wire-schema.ts';
import { listed } from './listing.ts';

const FILTERS = [
  'external_customer_id',
  'external_subscription_id',
  'currency',
  'fee_type',
  'billable_metric_code',
  'payment_status',
  'event_transaction_id',
  'created_at_from',
  'created_at_to',
  'succeeded_at_from',
  'succeeded_at_to',
  'failed_at_from',
  'failed_at_to',
  'refunded_at_from',
  'refunded_at_to',
];

const PAYMENT_STATUSES = ['pending', 'succeeded', 'failed', 'refunded'] as const;

function oneOf<const T extends readonly string[]>(
  query: QueryFilters,
  name: string,
  values: T,
): T[number] | undefined {
  const value = query.text(name);
  if (value !== undefined && !values.includes(value)) throw unprocessable({ [name]: ['value_is_invalid'] });
  return value;
}

function range(query: QueryFilters, name: string): InstantRange {
  const [from, to] = [query.instant(`${name}_from`), query.instant(`${name}_to`)];
  if (from === null) throw unprocessable({ [`${name}_from`]: ['invalid_date'] });
  if (to === null) throw unprocessable({ [`${name}_to`]: ['invalid_date'] });
  return { from, to };
}

function filtersOf(query: QueryFilters): FeeFilters {
  return {
    externalCustomerId: query.text('external_customer_id'),
    externalSubscriptionId: query.text('external_subscription_id'),
    currency: query.text('currency')?.toUpperCase(),
    feeType: oneOf(query, 'fee_type', FEE_TYPES),
    billableMetricCode: query.text('billable_metric_code'),
    paymentStatus: oneOf(query, 'payment_status', PAYMENT_STATUSES),
    eventTransactionId: query.text('event_transaction_id'),
    createdAt: range(query, 'created_at'),
    succeededAt: range(query, 'succeeded_at'),
    failedAt: range(query, 'failed_at'),
    refundedAt: range(query, 'refunded_at'),
  };
}

/** Reading fees (API contract, section 6). */
export function feesRead(door: Door): void {
  get(door, '/fees', { answers: page('fees', feeDetailSchema), filters: FILTERS }, async (request) => {
    const filters = filtersOf(request.query);
    const fees = await request.read((tx) => listFees(tx, request.organizationId, filters, request.page));
    return listed(request, 'fees', fees, feeDetailWire);
  });
  get(door, '/fees/:id', { answers: one('fee', feeDetailSchema) }, async (request) => {
    const id = request.param('id');
    const fee = isUuid(id) ? await request.read((tx) => findFee(tx, request.organizationId, id)) : null;
    if (!fee) throw unknown('fee');
    return { fee: feeDetailWire(fee) };
  });
}
