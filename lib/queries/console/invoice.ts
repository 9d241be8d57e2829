import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import type { DocumentParties, FeeType, InvoiceStatus, InvoiceType } from '@/db/schema';
import { millis, partiesToday } from './sql';

export interface InvoiceHead {
  id: string;
  number: string | null;
  invoiceType: InvoiceType;
  status: InvoiceStatus;
  paymentStatus: 'pending' | 'succeeded' | 'failed';
  overdue: boolean;
  currency: string;
  timezone: string;
  issuingDate: string;
  dueDate: string | null;
  goesOut: string | null;
  releaseAt: number | null;
  finalizedAt: number | null;
  voidedAt: number | null;
  createdAt: number;
  feesMinor: string;
  couponsMinor: string;
  progressiveMinor: string;
  creditNotesMinor: string;
  prepaidMinor: string;
  taxesMinor: string;
  totalMinor: string;
  paidMinor: string;
  customerId: string;
  customerName: string;
  legalName: string | null;
  addressLines: string[];
  issuer: string;
  issuerAddress: string;
  footer: string | null;
  /** Both sides as they were when it was issued; of a draft, as they are. */
  parties: DocumentParties;
}

type HeadRow = Omit<
  InvoiceHead,
  'customerName' | 'legalName' | 'addressLines' | 'issuer' | 'issuerAddress' | 'footer'
> &
  Record<string, unknown>;

export interface InvoiceFee {
  id: string;
  feeType: FeeType;
  name: string;
  filterName: string | null;
  groupedBy: Record<string, string | null>;
  description: string | null;
  units: string;
  events: number | null;
  amountMinor: string;
  preciseAmountMinor: string;
  unitAmount: string;
  currency: string;
  working: unknown;
  /** Its share of the bill's discounts, exact minor units. */
  discountShare: string;
  taxes: { name: string; rate: string; amountMinor: string }[];
  amountDetails: Record<string, unknown>;
  from: number | null;
  to: number | null;
  trueUpOf: string | null;
  subscriptionId: string | null;
  externalSubscriptionId: string | null;
  planName: string | null;
  planInterval: string | null;
  chargeId: string | null;
  chargeModel: string | null;
  chargeProperties: Record<string, unknown> | null;
  filtered: boolean;
  metricCode: string | null;
  metricName: string | null;
  unitName: string | null;
  aggregation: string | null;
  fieldName: string | null;
}

export interface InvoiceCredit {
  id: string;
  kind: 'coupon' | 'credit_note' | 'invoice' | 'wallet';
  name: string;
  amountMinor: string;
  /** Bills it still lowers after this one; for credits what is left, in minor units. */
  left: string | null;
  endsAt: number | null;
  /** Of a discount: its share, and which of how many bills this one is. */
  percent: string | null;
  ordinal: number | null;
  bills: number | null;
}

export interface InvoiceTaxLine {
  id: string;
  name: string;
  rate: string;
  /** What it is worked out on. */
  baseMinor: string;
  amountMinor: string;
}

export interface InvoiceDocument {
  head: InvoiceHead;
  fees: InvoiceFee[];
  credits: InvoiceCredit[];
  taxes: InvoiceTaxLine[];
  payments: { id: string; at: number; amountMinor: string; method: string | null; status: string }[];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function readHead(tx: Tx, organizationId: string, idOrNumber: string): Promise<InvoiceHead | null> {
  const found = UUID.test(idOrNumber) ? sql`i.id = ${idOrNumber}` : sql`i.number = ${idOrNumber}`;
  const [row] = await tx.execute<HeadRow>(sql`
    select i.id, i.number, i.invoice_type as "invoiceType", i.status, i.payment_status as "paymentStatus",
      i.payment_overdue as overdue, i.currency, i.timezone, i.issuing_date::text as "issuingDate",
      i.payment_due_date::text as "dueDate", i.expected_finalization_date::text as "goesOut",
      ${millis('i.release_at')} as "releaseAt", ${millis('i.finalized_at')} as "finalizedAt",
      ${millis('i.voided_at')} as "voidedAt", ${millis('i.created_at')} as "createdAt",
      i.fees_amount_minor::text as "feesMinor", i.coupons_amount_minor::text as "couponsMinor",
      i.progressive_billing_credit_amount_minor::text as "progressiveMinor",
      i.credit_notes_amount_minor::text as "creditNotesMinor", i.prepaid_credit_amount_minor::text as "prepaidMinor",
      i.taxes_amount_minor::text as "taxesMinor", i.total_amount_minor::text as "totalMinor",
      i.total_paid_amount_minor::text as "paidMinor", c.id as "customerId",
      coalesce(k.parties, ${partiesToday('c', 'e')}) as parties
    from invoices i
    left join invoice_facts k on k.organization_id = i.organization_id and k.invoice_id = i.id
    join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    join billing_entities e on e.organization_id = i.organization_id and e.id = i.billing_entity_id
    where i.organization_id = ${organizationId} and ${found} and i.status <> 'deleted'
    order by i.created_at desc limit 1`);
  if (!row) return null;
  const { customer, entity, footer } = row.parties;
  const place = [[customer.city, customer.state].filter(Boolean).join(', '), customer.zipcode];
  const lines = [customer.line1, customer.line2, place.filter(Boolean).join(' '), customer.country];
  return {
    ...row,
    customerName: customer.name,
    legalName: customer.legalName,
    addressLines: lines.filter((line): line is string => !!line),
    issuer: entity.legalName || entity.name,
    issuerAddress: [entity.line1, [entity.zipcode, entity.city].filter(Boolean).join(' ')]
      .filter(Boolean)
      .join(', '),
    footer,
  };
}

/** Lines a page shows; a document shows all. */
const LINES_ON_PAGE = 500;

async function readFees(
  tx: Tx,
  organizationId: string,
  invoiceId: string,
  most: number | null,
): Promise<InvoiceFee[]> {
  return tx.execute<InvoiceFee & Record<string, unknown>>(sql`
    select f.id, f.fee_type as "feeType",
      coalesce(nullif(f.invoice_display_name, ''), nullif(f.item_name, ''), f.item_code) as name,
      f.filter_display_name as "filterName", f.grouped_by as "groupedBy", f.description, f.units::text as units,
      f.events_count as events, f.amount_minor::text as "amountMinor",
      f.precise_amount_minor::text as "preciseAmountMinor", f.precise_unit_amount::text as "unitAmount", f.currency,
      f.working, f.precise_coupons_amount_minor::text as "discountShare",
      (select coalesce(jsonb_agg(jsonb_build_object('name', x.tax_name, 'rate', x.tax_rate::text,
          'amountMinor', x.amount_minor::text) order by x.tax_code), '[]')
        from fee_taxes x where x.organization_id = f.organization_id and x.fee_id = f.id) as taxes,
      f.amount_details as "amountDetails", ${millis('f.from_datetime')} as "from",
      ${millis('f.to_datetime')} as "to", f.true_up_parent_fee_id as "trueUpOf", f.subscription_id as "subscriptionId",
      s.external_id as "externalSubscriptionId", p.name as "planName", v.interval as "planInterval",
      f.charge_id as "chargeId", ch.charge_model as "chargeModel", ch.properties as "chargeProperties",
      f.charge_filter_id is not null as filtered, m.code as "metricCode", m.name as "metricName",
      m.unit_name as "unitName", m.aggregation_type as aggregation, m.field_name as "fieldName"
    from fees f
    left join subscriptions s on s.organization_id = f.organization_id and s.id = f.subscription_id
    left join plans p on p.organization_id = s.organization_id and p.id = s.plan_id
    left join plan_versions v on v.organization_id = s.organization_id and v.id = s.plan_version_id
    left join charges ch on ch.organization_id = f.organization_id and ch.id = f.charge_id
    left join billable_metrics m on m.organization_id = ch.organization_id and m.id = ch.billable_metric_id
    where f.organization_id = ${organizationId} and f.invoice_id = ${invoiceId} and f.deleted_at is null
    order by f.position, f.created_at, f.id limit ${most}`);
}

async function readCredits(tx: Tx, organizationId: string, invoiceId: string): Promise<InvoiceCredit[]> {
  return tx.execute<InvoiceCredit & Record<string, unknown>>(sql`
    select k.id, k.kind, coalesce(cp.name, n.number, 'Billed before') as name, k.amount_minor::text as "amountMinor",
      ac.frequency_duration_remaining::text as left, null::float8 as "endsAt",
      ac.percentage_rate::text as percent,
      case when ac.id is not null then (
        select count(*)::int from credits e
        join invoices i on i.organization_id = e.organization_id and i.id = e.invoice_id
          and i.status not in ('voided', 'closed', 'deleted')
        where e.organization_id = k.organization_id and e.applied_coupon_id = k.applied_coupon_id
          and (e.created_at, e.id) <= (k.created_at, k.id)) end as ordinal,
      case when ac.frequency = 'recurring' then ac.frequency_duration end as bills
    from credits k
    left join applied_coupons ac on ac.organization_id = k.organization_id and ac.id = k.applied_coupon_id
    left join coupons cp on cp.organization_id = ac.organization_id and cp.id = ac.coupon_id
    left join credit_notes n on n.organization_id = k.organization_id and n.id = k.credit_note_id
    where k.organization_id = ${organizationId} and k.invoice_id = ${invoiceId}
    union all
    select t.id, 'wallet' as kind, coalesce(nullif(w.name, ''), 'Credits used') as name,
      t.amount_minor::text as "amountMinor", w.balance_minor::text as left,
      ${millis('w.expiration_at')} as "endsAt", null as percent, null::int as ordinal, null::int as bills
    from wallet_transactions t
    join wallets w on w.organization_id = t.organization_id and w.id = t.wallet_id
    where t.organization_id = ${organizationId} and t.invoice_id = ${invoiceId}
      and t.transaction_type = 'outbound' and t.transaction_status = 'invoiced' and t.status = 'settled'`);
}

/** An invoice as the customer sees it, by id or by number, with at most `lines` of its lines; null when there is none. */
export async function invoiceDocument(
  tx: Tx,
  organizationId: string,
  idOrNumber: string,
  lines: number | null = LINES_ON_PAGE,
): Promise<InvoiceDocument | null> {
  const head = await readHead(tx, organizationId, idOrNumber);
  if (!head) return null;
  const taxes = await tx.execute<InvoiceTaxLine & Record<string, unknown>>(sql`
    select id, tax_name as name, tax_rate::text as rate, fees_amount_minor::text as "baseMinor",
      amount_minor::text as "amountMinor" from invoice_taxes
    where organization_id = ${organizationId} and invoice_id = ${head.id} order by tax_code`);
  const payments = await tx.execute<InvoiceDocument['payments'][number] & Record<string, unknown>>(sql`
    select id, ${millis('coalesce(paid_at, created_at)')} as at, amount_minor::text as "amountMinor", method,
      payment_status as status
    from payments where organization_id = ${organizationId} and invoice_id = ${head.id}
    order by created_at desc limit 10`);
  return {
    head,
    fees: await readFees(tx, organizationId, head.id, lines),
    credits: await readCredits(tx, organizationId, head.id),
    taxes: [...taxes],
    payments: [...payments],
  };
}

export interface NoteOnInvoice {
  id: string;
  number: string;
  issuingDate: string;
  totalMinor: string;
  currency: string;
}

/** The finished credit notes on an invoice, oldest first. */
export async function notesOnInvoice(
  tx: Tx,
  organizationId: string,
  invoiceId: string,
): Promise<NoteOnInvoice[]> {
  return tx.execute<NoteOnInvoice & Record<string, unknown>>(sql`
    select id, number, issuing_date::text as "issuingDate", total_amount_minor::text as "totalMinor", currency
    from credit_notes
    where organization_id = ${organizationId} and invoice_id = ${invoiceId} and status = 'finalized'
    order by sequential_id limit 100`);
}

/** The same line on the bill before: its units and amount, to say what changed. Null on a first bill. */
export async function lineBefore(
  tx: Tx,
  organizationId: string,
  fee: Pick<InvoiceFee, 'subscriptionId' | 'metricCode' | 'from'>,
): Promise<{ units: string; amountMinor: string; from: number; currency: string } | null> {
  if (!fee.subscriptionId || !fee.metricCode || fee.from === null) return null;
  const [row] = await tx.execute<{ units: string; amountMinor: string; from: number; currency: string }>(sql`
    select sum(f.units)::text as units, sum(f.amount_minor)::text as "amountMinor",
      ${millis('f.from_datetime')} as "from", f.currency
    from fees f
    join charges ch on ch.organization_id = f.organization_id and ch.id = f.charge_id
    join billable_metrics m on m.organization_id = ch.organization_id and m.id = ch.billable_metric_id
    join invoices i on i.organization_id = f.organization_id and i.id = f.invoice_id and i.status = 'finalized'
    where f.organization_id = ${organizationId} and f.subscription_id = ${fee.subscriptionId}
      and m.code = ${fee.metricCode} and f.deleted_at is null and f.true_up_parent_fee_id is null
      and f.from_datetime < ${new Date(fee.from).toISOString()}::timestamptz
    group by f.from_datetime, f.currency order by f.from_datetime desc limit 1`);
  return row ?? null;
}
