import { and, eq, inArray, isNull, or } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { addOns, fixedCharges } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { freeProperties } from '@/lib/billing/pricing/fields';
import { chargeModels } from '@/lib/billing/pricing/registry';
import { validateFixedCharge } from '@/lib/billing/pricing/validate-charge';
import type { BillingContext } from '@/lib/invoicing/context';
import type { FixedChargeNode } from '@/lib/queries/api/plan-graph';
import { invalid, notFound } from '@/lib/schedule/errors';
import { assignTaxes, type TaxBearer } from '../taxes/assign.ts';
import { normalProperties } from './charge-terms.ts';
import { freeCode } from './find.ts';
import type { FixedChargeInput } from './input.ts';

type AddOnRow = typeof addOns.$inferSelect;
type FixedChargeRow = typeof fixedCharges.$inferSelect;

/** A fixed charge whose units are other than before (from none, for a new one), to be dated on each subscription. */
export interface UnitsChange {
  fixedChargeId: string;
  before: string;
  after: string;
  immediately: boolean;
}

async function loadAddOns(
  { tx, organizationId }: BillingContext,
  inputs: FixedChargeInput[],
): Promise<AddOnRow[]> {
  const ids = inputs.flatMap(({ add_on_id: id }) => (id && /^[0-9a-f-]{36}$/i.test(id) ? [id] : []));
  const codes = inputs.flatMap(({ add_on_code: code }) => code ?? []);
  if (ids.length + codes.length === 0) return [];
  return tx
    .select()
    .from(addOns)
    .where(
      and(
        eq(addOns.organizationId, organizationId),
        isNull(addOns.deletedAt),
        or(
          ids.length > 0 ? inArray(addOns.id, ids) : undefined,
          codes.length > 0 ? inArray(addOns.code, codes) : undefined,
        ),
      ),
    );
}

type Columns = Pick<
  FixedChargeRow,
  'chargeModel' | 'invoiceDisplayName' | 'units' | 'payInAdvance' | 'prorated' | 'properties'
>;

function columnsOf(input: FixedChargeInput, present: FixedChargeRow | null, shapeFixed: boolean): Columns {
  const keeps = present !== null && shapeFixed;
  const chargeModel = keeps
    ? present.chargeModel
    : (input.charge_model ?? present?.chargeModel ?? 'standard');
  const given = input.properties && Object.keys(input.properties).length > 0 ? input.properties : null;
  return {
    chargeModel,
    invoiceDisplayName:
      input.invoice_display_name === undefined
        ? (present?.invoiceDisplayName ?? null)
        : input.invoice_display_name,
    units: input.units ?? present?.units ?? '0',
    payInAdvance: keeps ? present.payInAdvance : (input.pay_in_advance ?? present?.payInAdvance ?? false),
    prorated: keeps ? present.prorated : (input.prorated ?? present?.prorated ?? false),
    properties: given
      ? normalProperties(given)
      : (present?.properties ?? freeProperties(chargeModels[chargeModel])),
  };
}

export interface WrittenFixedCharges {
  ids: string[];
  changes: UnitsChange[];
}

/**
 * Writes fixed charges of a plan version in place, matched by id. Throws not_found (add_ons, tax) and invalid. Answers
 * whose units changed, for the subscriptions on the plan.
 */
export async function writeFixedCharges(
  ctx: BillingContext,
  planVersionId: string,
  inputs: FixedChargeInput[],
  present: FixedChargeNode[],
  { removeOthers, shapeFixed }: { removeOthers: boolean; shapeFixed: boolean },
): Promise<WrittenFixedCharges> {
  const { tx, organizationId, now } = ctx;
  const known = await loadAddOns(ctx, inputs);
  const taken = new Set(present.map(({ row }) => row.code));
  const errors: Record<string, string[]> = {};
  const ids: string[] = [];
  const changes: UnitsChange[] = [];
  const rows = inputs.map((input, index): typeof fixedCharges.$inferInsert => {
    const before = present.find(({ row }) => row.id === input.id) ?? null;
    const addOn =
      before?.addOn ??
      known.find(({ id, code }) => id === input.add_on_id || code === input.add_on_code) ??
      notFound('add_ons');
    if (!before && !input.charge_model) errors.charge_model = ['value_is_mandatory'];
    const columns = columnsOf(input, before?.row ?? null, shapeFixed);
    if (Exact.of(columns.units).isNegative()) errors.units = ['value_is_out_of_range'];
    Object.assign(errors, validateFixedCharge({ model: columns.chargeModel, ...columns }));
    const code = before ? input.code || before.row.code : freeCode(taken, input.code, addOn.code);
    const id = before?.row.id ?? newId();
    ids.push(id);
    const unitsBefore = before?.row.units ?? '0';
    if (!Exact.of(unitsBefore).eq(columns.units)) {
      changes.push({
        fixedChargeId: id,
        before: unitsBefore,
        after: columns.units,
        immediately: input.apply_units_immediately ?? false,
      });
    }
    return {
      organizationId,
      id,
      planVersionId,
      addOnId: addOn.id,
      code,
      position: removeOthers ? index : (before?.row.position ?? present.length + index),
      ...columns,
      createdAt: before?.row.createdAt ?? new Date(now),
    };
  });
  if (Object.keys(errors).length > 0) invalid(errors);
  if (removeOthers) {
    await removeFixedCharges(
      ctx,
      present.map(({ row }) => row.id).filter((id) => !ids.includes(id)),
    );
  }
  for (const row of rows) {
    const { organizationId: _org, id: _id, planVersionId: _version, addOnId: _addOn, ...set } = row;
    await tx
      .insert(fixedCharges)
      .values(row)
      .onConflictDoUpdate({ target: [fixedCharges.organizationId, fixedCharges.id], set });
  }
  await assignTaxes(
    ctx,
    inputs.flatMap(({ tax_codes }, index): TaxBearer[] =>
      tax_codes ? [{ ownerType: 'fixed_charge', ownerId: ids[index]!, taxCodes: tax_codes }] : [],
    ),
  );
  return { ids, changes };
}

export async function removeFixedCharges(
  { tx, organizationId, now }: BillingContext,
  ids: string[],
): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(fixedCharges)
    .set({ deletedAt: new Date(now) })
    .where(and(eq(fixedCharges.organizationId, organizationId), inArray(fixedCharges.id, ids)));
}
