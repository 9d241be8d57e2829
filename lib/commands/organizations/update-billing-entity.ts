import { z } from 'zod';
import { defineCommand } from '../core/command.ts';
import { text } from '../core/fields.ts';
import { findBillingEntity } from '../customers/find.ts';
import { entityChanges } from './entity-input.ts';
import { type EntityRow, writeEntity } from './write-entity.ts';

const input = z.object({ code: text(), changes: entityChanges });

/** Changes a legal entity that issues invoices. */
export const updateBillingEntity = defineCommand<z.infer<typeof input>, EntityRow>({
  name: 'organizations/update-billing-entity',
  input,
  right: 'settings.write',
  reason: 'none',
  undo: null,
  async run(ctx, { code, changes }) {
    const before = await findBillingEntity(ctx.tx, ctx.organizationId, code);
    const after = await writeEntity(ctx, before, changes);
    return {
      result: after,
      title: `Change the billing entity "${before.name}"`,
      subject: { type: 'billing_entity', id: before.id },
      before,
      after,
    };
  },
});
