import { and, eq, inArray } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { planVersions, usageThresholds } from '@/db/schema';
import type { BillingContext } from '@/lib/invoicing/context';
import type { CommitmentNode, ThresholdRow } from '@/lib/queries/api/plan-graph';
import { invalid } from '@/lib/schedule/errors';
import { assignTaxes } from '../taxes/assign.ts';
import type { CommitmentInput, ThresholdInput } from './input.ts';

/** Sets a plan version's thresholds; one with the same amount and recurrence stays the same threshold. */
export async function writeThresholds(
  { tx, organizationId, now }: BillingContext,
  planVersionId: string,
  inputs: ThresholdInput[],
  present: ThresholdRow[],
): Promise<void> {
  const at = new Date(now);
  const kept = new Set<string>();
  for (const input of inputs) {
    const recurring = input.recurring ?? false;
    const before = present.find(
      (row) => row.id === input.id || (row.amountMinor === input.amount_cents && row.recurring === recurring),
    );
    const id = before?.id ?? newId();
    kept.add(id);
    const values = {
      amountMinor: input.amount_cents,
      displayName: input.threshold_display_name ?? null,
      recurring,
      updatedAt: at,
    };
    await tx
      .insert(usageThresholds)
      .values({ organizationId, id, planVersionId, createdAt: at, ...values })
      .onConflictDoUpdate({ target: [usageThresholds.organizationId, usageThresholds.id], set: values });
  }
  const gone = present.map(({ id }) => id).filter((id) => !kept.has(id));
  if (gone.length === 0) return;
  await tx
    .update(usageThresholds)
    .set({ deletedAt: at, updatedAt: at })
    .where(and(eq(usageThresholds.organizationId, organizationId), inArray(usageThresholds.id, gone)));
}

/** Sets or, with an empty object, removes a plan version's minimum commitment. */
export async function writeCommitment(
  ctx: BillingContext,
  planVersionId: string,
  input: CommitmentInput | null,
  present: CommitmentNode | null,
): Promise<void> {
  const { tx, organizationId, now } = ctx;
  const isEmpty = input === null || Object.values(input).every((value) => value === undefined);
  if (!isEmpty && input.amount_cents == null && !present) invalid({ amount_cents: ['value_is_mandatory'] });
  const id = isEmpty ? null : (present?.id ?? newId());
  await tx
    .update(planVersions)
    .set({
      commitmentId: id,
      commitmentAmountMinor: isEmpty ? null : (input.amount_cents ?? present?.amountMinor ?? 0n),
      commitmentDisplayName: isEmpty
        ? null
        : input.invoice_display_name === undefined
          ? (present?.displayName ?? null)
          : input.invoice_display_name,
      commitmentCreatedAt: isEmpty ? null : (present?.createdAt ?? new Date(now)),
    })
    .where(and(eq(planVersions.organizationId, organizationId), eq(planVersions.id, planVersionId)));
  if (id && input?.tax_codes) {
    await assignTaxes(ctx, [{ ownerType: 'commitment', ownerId: id, taxCodes: input.tax_codes }]);
  }
}
