import { and, asc, eq, inArray, isNull, notInArray } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { newId } from '@/db/ids';
import { dueItems, invoices, subscriptions } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { lockCustomer } from '@/lib/invoicing/customers';
import type { SubscriptionRow } from '@/lib/invoicing/load-bill';
import { finalizeDraft } from '@/lib/invoicing/refresh';
import { type InvoiceObject, loadInvoiceObjects } from '@/lib/queries/api/invoices';
import { readClock } from '@/lib/schedule/clock';
import { invalid, notFound } from '@/lib/schedule/errors';
import type { CommandContext } from '../core/command';
import { applyCoupon } from '../coupons/apply';
import { createCoupon } from '../coupons/create';
import { type CustomerRow, findBillingEntity, findCustomer } from '../customers/find';
import { upsertCustomerIn } from '../customers/upsert';
import { createSubscription } from '../subscriptions/create';
import { findByExternalId, findSuccessor } from '../subscriptions/read';
import { terminateSubscription } from '../subscriptions/terminate';
import { BILLING_KINDS, runNext } from './forecast';
import type { InvoicePreviewInput, PreviewCoupon } from './invoice-input';
import type { Caller } from './preview';

/** A new subscription may begin in the future, a running one may wait a year for its bill: a few steps, not many. */
const MOST_STEPS = 24;

export interface InvoicePreview {
  object: InvoiceObject;
  /** Ids from this one on were made for the preview and mean nothing outside it. */
  firstId: string;
}

class RolledBack extends Error {
  constructor(readonly preview: InvoicePreview) {
    super('preview');
  }
}

/**
 * The next bill of a customer, on file or imagined, as the billing code itself makes it: everything is really done in one
 * transaction, up to the bill, and rolled back (semantics 12.9). Coupons, credit notes and credits count; usage is what
 * has been sent so far. Throws not_found and invalid.
 */
export async function previewInvoice(
  databases: Databases,
  { organizationId, actor }: Caller,
  input: InvoicePreviewInput,
): Promise<InvoicePreview> {
  try {
    return await withTenant(databases, organizationId, async (tx) => {
      const { now } = await readClock(tx, organizationId);
      const ctx: CommandContext = { tx, organizationId, now, actor, mode: 'preview', holdMinutes: 0 };
      const firstId = newId();
      throw new RolledBack({ object: await rehearseBill(ctx, input), firstId });
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.preview;
    throw error;
  }
}

async function rehearseBill(ctx: CommandContext, input: InvoicePreviewInput): Promise<InvoiceObject> {
  const customer = await customerOf(ctx, input);
  await lockCustomer(ctx, customer.id);
  for (const coupon of input.coupons ?? []) await giveCoupon(ctx, customer, coupon);
  const known = await invoiceIds(ctx, customer.id);
  if (input.subscriptions) await actOnRunning(ctx, customer, input.subscriptions);
  else await startNew(ctx, customer, input);
  for (let step = 0; step < MOST_STEPS; step++) {
    const made = await billMade(ctx, customer.id, known);
    if (made) return made;
    if (!(await runNext(ctx, customer.id))) break;
  }
  return (await billMade(ctx, customer.id, known)) ?? notFound('invoice');
}

async function customerOf(
  ctx: CommandContext,
  { customer, billing_entity_code }: InvoicePreviewInput,
): Promise<CustomerRow> {
  if (customer.external_id) return findCustomer(ctx.tx, ctx.organizationId, customer.external_id);
  const imagined = { billing_entity_code, ...customer, external_id: newId() };
  return (await upsertCustomerIn(ctx, imagined)).customer;
}

/** A coupon of the catalogue with the terms given, or one that is only described. */
async function giveCoupon(ctx: CommandContext, customer: CustomerRow, given: PreviewCoupon): Promise<void> {
  const { code, name, coupon_type, ...terms } = given;
  const coupons = await ctx.tx.query.coupons.findMany({
    where: (row, { and: all, eq: is, isNull: none }) =>
      all(is(row.organizationId, ctx.organizationId), is(row.code, code), none(row.deletedAt)),
  });
  if (coupons.length === 0 && coupon_type) {
    await createCoupon.run(ctx, {
      ...terms,
      code,
      name: name ?? code,
      coupon_type,
      frequency: terms.frequency ?? 'once',
      expiration: 'no_expiration',
    });
  }
  await applyCoupon.run(ctx, { ...terms, external_customer_id: customer.externalId, coupon_code: code });
}

async function startNew(
  ctx: CommandContext,
  customer: CustomerRow,
  input: InvoicePreviewInput,
): Promise<void> {
  const entity = input.billing_entity_code
    ? await findBillingEntity(ctx.tx, ctx.organizationId, input.billing_entity_code)
    : null;
  const { result } = await createSubscription.run(ctx, {
    customerId: customer.id,
    planCode: input.plan_code ?? notFound('plan'),
    externalId: newId(),
    billingTime: input.billing_time ?? undefined,
    subscriptionAt: input.subscription_at,
    billingEntityId: entity?.id,
  });
  await onlyOf(ctx, customer.id, [result.id]);
}

async function actOnRunning(
  ctx: CommandContext,
  customer: CustomerRow,
  given: NonNullable<InvoicePreviewInput['subscriptions']>,
): Promise<void> {
  const rows: SubscriptionRow[] = [];
  for (const externalId of new Set(given.external_ids)) {
    const row = await findByExternalId(ctx, externalId, ['active', 'pending']);
    rows.push(row?.customerId === customer.id ? row : notFound('subscription'));
  }
  const { plan_code: planCode, terminated_at: terminatedAt } = given;
  const [only] = rows;
  if ((planCode || terminatedAt) && (rows.length !== 1 || !only)) {
    return invalid({ external_ids: ['invalid_count'] }, 'Preview a change or an end of one subscription.');
  }
  if (planCode && only) {
    await createSubscription.run(ctx, { customerId: customer.id, planCode, externalId: only.externalId });
  }
  const successors = await Promise.all(rows.map(({ id }) => findSuccessor(ctx, id)));
  const ids = [...rows, ...successors].flatMap((row) => row?.id ?? []);
  await onlyOf(ctx, customer.id, ids);
  if (terminatedAt && only) return endAt(ctx, only, terminatedAt);
  if (rows.length > 1) await billTogether(ctx, rows);
}

/** Bills that fall due before the end are made first, as they will be. */
async function endAt(ctx: CommandContext, { id, customerId }: SubscriptionRow, at: number): Promise<void> {
  if (at < ctx.now) return invalid({ terminated_at: ['invalid_date'] }, 'An end must lie ahead.');
  for (let step = 0; step < MOST_STEPS; step++) {
    if (!(await runNext(ctx, customerId, at))) break;
  }
  await terminateSubscription({ ...ctx, now: at }, id, { invoice: 'generate' });
}

/** One preview is one invoice: the subscriptions must fall due together, and are put on one bill. */
async function billTogether({ tx, organizationId }: CommandContext, rows: SubscriptionRow[]): Promise<void> {
  const ids = rows.map(({ id }) => id);
  const due = await tx
    .select({ subjectId: dueItems.subjectId, dueAt: dueItems.dueAt })
    .from(dueItems)
    .where(
      and(
        eq(dueItems.organizationId, organizationId),
        inArray(dueItems.subjectId, ids),
        inArray(dueItems.kind, [...BILLING_KINDS]),
        isNull(dueItems.doneAt),
        isNull(dueItems.canceledAt),
      ),
    )
    .orderBy(asc(dueItems.dueAt));
  const first = new Set(ids.map((id) => due.find(({ subjectId }) => subjectId === id)?.dueAt.getTime()));
  const entities = new Set(rows.map(({ billingEntityId }) => billingEntityId));
  if (first.size > 1 || entities.size > 1) {
    invalid({ boundaries: ['values_are_invalid'] }, 'These subscriptions are not billed together.');
  }
  await tx
    .update(subscriptions)
    .set({ consolidateInvoice: true, purchaseOrderNumber: null })
    .where(and(eq(subscriptions.organizationId, organizationId), inArray(subscriptions.id, ids)));
}

/** Leaves what else the customer will be billed out of the preview. */
async function onlyOf(
  { tx, organizationId, now }: CommandContext,
  customerId: string,
  subscriptionIds: string[],
): Promise<void> {
  await tx
    .update(dueItems)
    .set({ canceledAt: new Date(now) })
    .where(
      and(
        eq(dueItems.organizationId, organizationId),
        eq(dueItems.customerId, customerId),
        inArray(dueItems.kind, [...BILLING_KINDS]),
        notInArray(dueItems.subjectId, subscriptionIds),
        isNull(dueItems.doneAt),
        isNull(dueItems.canceledAt),
      ),
    );
}

async function invoiceIds({ tx, organizationId }: CommandContext, customerId: string): Promise<Set<string>> {
  const rows = await tx
    .select({ id: invoices.id })
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.customerId, customerId)));
  return new Set(rows.map(({ id }) => id));
}

/** The latest bill made since, finished, with the dates it was made with. Null while there is none. */
async function billMade(
  ctx: CommandContext,
  customerId: string,
  known: Set<string>,
): Promise<InvoiceObject | null> {
  const { tx, organizationId } = ctx;
  const where = and(
    eq(invoices.organizationId, organizationId),
    eq(invoices.customerId, customerId),
    eq(invoices.invoiceType, 'subscription'),
    inArray(invoices.status, ['draft', 'finalized', 'closed']),
  );
  const rows = await tx
    .select()
    .from(invoices)
    .where(where)
    .orderBy(asc(invoices.billedAt), asc(invoices.id));
  const bill = rows.filter(({ id }) => !known.has(id)).at(-1);
  if (!bill) return null;
  const billedAt = bill.billedAt.getTime();
  // A draft carries no coupons, notes or credits yet: what it will be is what is asked.
  if (bill.status === 'draft') await finalizeDraft({ ...ctx, now: billedAt }, bill.id);
  const finished = await tx
    .select()
    .from(invoices)
    .where(and(where, eq(invoices.id, bill.id)));
  const shown = finished.map((invoice) => ({
    ...invoice,
    status: 'draft' as const,
    issuingDate: bill.issuingDate,
    paymentDueDate: bill.paymentDueDate,
  }));
  const [object] = await loadInvoiceObjects(tx, organizationId, shown, { full: true, now: billedAt });
  return object ?? null;
}
