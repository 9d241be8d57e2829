import { newId } from '@/db/ids';
import { billingEntities } from '@/db/schema';
import { numberPrefix } from '@/lib/auth/organizations';
import { defineCommand } from '../core/command.ts';
import { orTaken } from '../core/taken.ts';
import { assignTaxes } from '../taxes/assign.ts';
import { type EntityInput, entityColumns, entityInput, NEW_ENTITY } from './entity-input.ts';
import type { EntityRow } from './write-entity.ts';

/** Adds a legal entity that issues invoices. */
export const createBillingEntity = defineCommand<EntityInput, EntityRow>({
  name: 'organizations/create-billing-entity',
  input: entityInput,
  right: 'settings.write',
  reason: 'none',
  undo: null,
  async run(ctx, input) {
    const { tx, organizationId, now } = ctx;
    const id = newId();
    const documentNumberPrefix = numberPrefix(input.name, id);
    const entity = orTaken(
      await tx
        .insert(billingEntities)
        .values({
          ...entityColumns(input, { ...NEW_ENTITY, name: input.name, documentNumberPrefix }),
          organizationId,
          id,
          code: input.code,
          isDefault: false,
          createdAt: new Date(now),
          updatedAt: new Date(now),
        })
        .onConflictDoNothing()
        .returning(),
    );
    if (input.tax_codes) {
      await assignTaxes(ctx, [{ ownerType: 'billing_entity', ownerId: id, taxCodes: input.tax_codes }]);
    }
    return {
      result: entity,
      title: `Add the billing entity "${entity.name}"`,
      subject: { type: 'billing_entity', id },
      after: entity,
    };
  },
});
