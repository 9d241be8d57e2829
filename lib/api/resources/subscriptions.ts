import { SUBSCRIPTION_STATUSES, type SubscriptionStatus } from '@/db/schema';
import { isUuid, parseInput } from '@/lib/commands/core/fields';
import { findBillingEntity, findCustomer, lookUpCustomer } from '@/lib/commands/customers/find';
import { upsertCustomer } from '@/lib/commands/customers/upsert';
import { findPlan } from '@/lib/commands/plans/find';
import { overridePatch } from '@/lib/commands/plans/override-patch';
import { createSubscription } from '@/lib/commands/subscriptions/create';
import { overridePrices } from '@/lib/commands/subscriptions/override-prices';
import { terminateSubscriptionCommand } from '@/lib/commands/subscriptions/terminate';
import { updateSubscription } from '@/lib/commands/subscriptions/update';
import { loadSubscriptionEntitlements } from '@/lib/queries/api/features';
import {
  findSubscription,
  listSubscriptions,
  loadSubscriptionObjects,
  type SubscriptionFilters,
  type SubscriptionObject,
  type SubscriptionRow,
} from '@/lib/queries/api/subscriptions';
import { readClock } from '@/lib/schedule/clock';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { ApiError, forbidden, unknown, unprocessable } from '../errors.ts';
import type { QueryFilters } from '../query.ts';
import { type ApiRequest, isObject } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import {
  subscriptionDetailSchema,
  subscriptionDetailWire,
  subscriptionSchema,
  subscriptionWire,
} from '../serializers/subscription.ts';
import { one, page } from '../wire-schema.ts';
import { listed } from './listing.ts';
import {
  type SubscriptionInput,
  subscriptionChanges,
  subscriptionInput,
  terminationInput,
  thresholdsOf,
} from './subscription-input.ts';

const FILTERS = ['plan_code', 'status[]', 'currency', 'external_id', 'overridden', 'billing_entity_codes[]'];
const detail = one('subscription', subscriptionDetailSchema);

function statusesOf(values: string[] | undefined): SubscriptionStatus[] {
  const statuses = values ?? ['active'];
  const known = SUBSCRIPTION_STATUSES as readonly string[];
  if (statuses.some((status) => !known.includes(status))) {
    throw unprocessable({ status: ['value_is_invalid'] });
  }
  return statuses as SubscriptionStatus[];
}

/** The subscription a path names, by default the active one. Throws 404. */
export async function subscriptionOf(
  request: ApiRequest,
  statuses: SubscriptionStatus[],
): Promise<SubscriptionRow> {
  const externalId = request.param('external_id');
  const row = await request.read((tx) => findSubscription(tx, request.organizationId, externalId, statuses));
  if (!row) throw unknown('subscription');
  return row;
}

/** The status a sub-resource looks for: `subscription_status`, or the older `status`; active unless told. */
export function statusAsked(request: ApiRequest): SubscriptionStatus[] {
  const asked = request.query.text('subscription_status', 'status');
  return statusesOf(asked === undefined ? undefined : [asked]);
}

/** The subscription with its plan, as it stands now. */
export async function subscriptionObject(
  request: ApiRequest,
  row: SubscriptionRow,
): Promise<SubscriptionObject> {
  const [object] = await request.read(async (tx) => {
    const { now } = await readClock(tx, request.organizationId);
    const fresh = await findById(request, tx, row);
    return loadSubscriptionObjects(tx, request.organizationId, [fresh], now);
  });
  if (!object) throw unknown('subscription');
  return object;
}

function entitlementsOf(request: ApiRequest, { subscription }: SubscriptionObject) {
  return request.read((tx) => loadSubscriptionEntitlements(tx, request.organizationId, subscription));
}

async function findById(
  request: ApiRequest,
  tx: Parameters<typeof findSubscription>[0],
  row: SubscriptionRow,
): Promise<SubscriptionRow> {
  const rows = await tx.query.subscriptions.findMany({
    where: (subscriptions, { and, eq }) =>
      and(eq(subscriptions.organizationId, request.organizationId), eq(subscriptions.id, row.id)),
  });
  return rows[0] ?? row;
}

/** An unknown customer is created with nothing but its id. */
async function customerFor(request: ApiRequest, input: SubscriptionInput) {
  const known = await request.read((tx) =>
    lookUpCustomer(tx, request.organizationId, input.external_customer_id),
  );
  if (known) return known;
  return request.run(upsertCustomer, {
    external_id: input.external_customer_id,
    billing_entity_code: input.billing_entity_code,
  });
}

const NO_GATE = 'A start cannot wait for a payment here. Send the subscription without activation rules.';

/** To hold an amount on a card first takes a payment provider that can; none is connected to customers here. */
function authorizationRefused(): ApiError {
  const message =
    'An authorization needs a customer who is linked to Stripe. Send the subscription without one.';
  return new ApiError(422, { status: 422, error: 'Unprocessable Entity', code: 'stripe_required', message });
}

async function create(request: ApiRequest) {
  const input = parseInput(subscriptionInput, await request.attributes('subscription'));
  if (isObject((await request.body()).authorization)) throw authorizationRefused();
  if (input.activation_rules?.length) throw forbidden('feature_not_available', NO_GATE);
  if (input.billing_entity_id && !isUuid(input.billing_entity_id)) throw unknown('billing_entity');
  const { overrides, entityId } = await request.read(async (tx) => {
    const plan = await findPlan(tx, request.organizationId, input.plan_code);
    const { now } = await readClock(tx, request.organizationId);
    const entity = input.billing_entity_code
      ? await findBillingEntity(tx, request.organizationId, input.billing_entity_code)
      : null;
    return {
      overrides: input.plan_overrides ? overridePatch(plan, {}, input.plan_overrides, now) : null,
      entityId: entity?.id ?? (input.billing_entity_id || null),
    };
  });
  const customer = await customerFor(request, input);
  const row = await request.run(createSubscription, {
    customerId: customer.id,
    planCode: input.plan_code,
    externalId: input.external_id,
    name: input.name,
    billingTime: input.billing_time ?? undefined,
    subscriptionAt: input.subscription_at,
    endingAt: input.ending_at,
    onTerminationCreditNote: input.on_termination_credit_note,
    onTerminationInvoice: input.on_termination_invoice,
    progressiveBillingDisabled: input.progressive_billing_disabled ?? undefined,
    consolidateInvoice: input.consolidate_invoice ?? undefined,
    purchaseOrderNumber: input.purchase_order_number,
    billingEntityId: entityId,
    patch: overrides,
    thresholds: thresholdsOf(input.usage_thresholds ?? input.plan_overrides?.usage_thresholds),
  });
  const object = await subscriptionObject(request, row);
  return {
    subscription: subscriptionDetailWire(object, {
      entitlements: await entitlementsOf(request, object),
      thresholds: true,
    }),
  };
}

async function update(request: ApiRequest) {
  const body = await request.body();
  const given = parseInput(subscriptionChanges, await request.attributes('subscription'));
  const asked = request.query.text('status') ?? (typeof body.status === 'string' ? body.status : undefined);
  const row = await subscriptionOf(request, statusesOf(asked === undefined ? undefined : [asked]));
  const code = given.billing_entity_code;
  const entity = code
    ? await request.read((tx) => findBillingEntity(tx, request.organizationId, code))
    : null;
  const changed = await request.run(updateSubscription, {
    subscriptionId: row.id,
    name: given.name,
    subscriptionAt: given.subscription_at ?? undefined,
    endingAt: given.ending_at,
    onTerminationCreditNote: given.on_termination_credit_note,
    onTerminationInvoice: given.on_termination_invoice ?? undefined,
    progressiveBillingDisabled: given.progressive_billing_disabled ?? undefined,
    consolidateInvoice: given.consolidate_invoice ?? undefined,
    purchaseOrderNumber: given.purchase_order_number,
    billingEntityId: entity?.id,
    thresholds: thresholdsOf(given.usage_thresholds),
  });
  const standing = given.plan_overrides
    ? await request.run(overridePrices, { subscriptionId: row.id, overrides: given.plan_overrides })
    : changed;
  const object = await subscriptionObject(request, standing);
  return { subscription: subscriptionDetailWire(object, { thresholds: true }) };
}

async function terminate(request: ApiRequest) {
  const asked = request.query.text('status');
  const row = await subscriptionOf(request, statusesOf(asked === undefined ? undefined : [asked]));
  const options = parseInput(terminationInput, {
    on_termination_credit_note: request.query.text('on_termination_credit_note'),
    on_termination_invoice: request.query.text('on_termination_invoice'),
  });
  const ended = await request.run(terminateSubscriptionCommand, {
    subscriptionId: row.id,
    creditNote: options.on_termination_credit_note,
    invoice: options.on_termination_invoice,
  });
  const object = await subscriptionObject(request, ended);
  return { subscription: subscriptionDetailWire(object, { thresholds: false }) };
}

function filtersOf(query: QueryFilters): SubscriptionFilters {
  return {
    externalCustomerId: query.text('external_customer_id'),
    planCode: query.text('plan_code'),
    statuses: statusesOf(query.list('status')),
    currency: query.text('currency')?.toUpperCase(),
    externalId: query.text('external_id'),
    overridden: query.flag('overridden'),
    billingEntityCodes: query.list('billing_entity_codes'),
  };
}

async function list(request: ApiRequest, filters: SubscriptionFilters) {
  const subscriptions = await request.read(async (tx) => {
    const { now } = await readClock(tx, request.organizationId);
    return listSubscriptions(tx, request.organizationId, filters, request.page, now);
  });
  return listed(request, 'subscriptions', subscriptions, subscriptionWire);
}

/** Subscriptions (API contract, section 4). */
export function subscriptions(door: Door): void {
  post(door, '/subscriptions', { answers: detail, takes: body('subscription', subscriptionInput) }, create);
  get(
    door,
    '/subscriptions',
    { answers: page('subscriptions', subscriptionSchema), filters: [...FILTERS, 'external_customer_id'] },
    (request) => list(request, filtersOf(request.query)),
  );
  get(
    door,
    '/customers/:external_id/subscriptions',
    { answers: page('subscriptions', subscriptionSchema), filters: FILTERS },
    async (request) => {
      const externalCustomerId = request.param('external_id');
      await request.read((tx) => findCustomer(tx, request.organizationId, externalCustomerId));
      return list(request, { ...filtersOf(request.query), externalCustomerId });
    },
  );
  get(door, '/subscriptions/:external_id', { answers: detail, filters: ['status'] }, async (request) => {
    const asked = request.query.text('status');
    const row = await subscriptionOf(request, statusesOf(asked === undefined ? undefined : [asked]));
    const object = await subscriptionObject(request, row);
    return {
      subscription: subscriptionDetailWire(object, {
        entitlements: await entitlementsOf(request, object),
        thresholds: true,
      }),
    };
  });
  put(
    door,
    '/subscriptions/:external_id',
    { answers: detail, takes: body('subscription', subscriptionChanges), filters: ['status'] },
    update,
  );
  remove(
    door,
    '/subscriptions/:external_id',
    { answers: detail, filters: ['status', 'on_termination_credit_note', 'on_termination_invoice'] },
    terminate,
  );
}
