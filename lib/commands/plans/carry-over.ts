import type { PlanGraph } from '@/lib/queries/api/plan-graph';
import type { CommandContext } from '../core/command.ts';
import type { ChargeInput } from './input.ts';
import { writeCharges } from './write-charges.ts';
import { writeFixedCharges } from './write-fixed-charges.ts';
import { writeCommitment, writeThresholds } from './write-parts.ts';

/** A usage price of a version being drafted; `carries` names the charge of the version before that it continues. */
export interface DraftedCharge {
  metricId: string;
  model: NonNullable<ChargeInput['charge_model']>;
  properties: Record<string, unknown>;
  displayName?: string | null;
  carries?: string | null;
}

const codesOf = (taxes: PlanGraph['taxes']): string[] => taxes.map(({ tax }) => tax.code);

/**
 * The charge as a new version has it: the drafted price, and from the charge it continues everything the draft does not
 * show. Prices per filter are kept while the model stays, since they are prices of that model.
 */
function continued(drafted: DraftedCharge, before: PlanGraph): ChargeInput {
  const old = before.charges.find(
    ({ row }) => row.id === drafted.carries && row.billableMetricId === drafted.metricId,
  );
  const price = {
    billable_metric_id: drafted.metricId,
    charge_model: drafted.model,
    invoice_display_name: drafted.displayName ?? undefined,
    properties: drafted.properties,
  };
  if (!old) return price;
  const { row, unit, filters, taxes } = old;
  const sameModel = row.chargeModel === drafted.model;
  const { pricing_group_keys: groups, presentation_group_keys: shown } = row.properties;
  return {
    ...price,
    code: row.code,
    invoice_display_name: drafted.displayName ?? row.invoiceDisplayName ?? undefined,
    properties: {
      ...drafted.properties,
      ...(groups === undefined ? {} : { pricing_group_keys: groups }),
      ...(shown === undefined ? {} : { presentation_group_keys: shown }),
    },
    pay_in_advance: row.payInAdvance,
    prorated: row.prorated,
    invoiceable: row.invoiceable,
    regroup_paid_fees: row.regroupPaidFees === 'invoice' ? 'invoice' : null,
    min_amount_cents: row.minAmountMinor,
    accepts_target_wallet: row.acceptsTargetWallet,
    ...(unit
      ? { applied_pricing_unit: { code: unit.code, conversion_rate: row.conversionRate ?? undefined } }
      : {}),
    filters: sameModel
      ? filters.map(({ invoiceDisplayName, values, properties }) => ({
          invoice_display_name: invoiceDisplayName,
          values,
          properties,
        }))
      : [],
    tax_codes: codesOf(taxes),
  };
}

/**
 * Writes the parts of a new version: drafted prices, and unchanged whatever the draft leaves alone (fixed charges,
 * minimum, early-bill thresholds), so that publishing a price never drops another agreement.
 */
export async function writeNextVersion(
  ctx: CommandContext,
  versionId: string,
  drafted: readonly DraftedCharge[],
  before: PlanGraph,
): Promise<void> {
  const fresh = { removeOthers: false, shapeFixed: false };
  await writeCharges(
    ctx,
    versionId,
    drafted.map((charge) => continued(charge, before)),
    [],
    fresh,
  );
  await writeFixedCharges(
    ctx,
    versionId,
    before.fixedCharges.map(({ row, addOn, taxes }) => ({
      add_on_id: addOn.id,
      charge_model: row.chargeModel,
      code: row.code,
      invoice_display_name: row.invoiceDisplayName,
      units: row.units,
      pay_in_advance: row.payInAdvance,
      prorated: row.prorated,
      properties: row.properties,
      tax_codes: codesOf(taxes),
    })),
    [],
    fresh,
  );
  await writeThresholds(
    ctx,
    versionId,
    before.thresholds.map(({ amountMinor, displayName, recurring }) => ({
      amount_cents: amountMinor,
      threshold_display_name: displayName,
      recurring,
    })),
    [],
  );
  const { commitment } = before;
  if (!commitment) return;
  const minimum = {
    amount_cents: commitment.amountMinor,
    invoice_display_name: commitment.displayName,
    tax_codes: codesOf(commitment.taxes),
  };
  await writeCommitment(ctx, versionId, minimum, null);
}
