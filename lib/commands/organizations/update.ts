import { eq } from 'drizzle-orm';
import { organizations } from '@/db/schema';
import { defineCommand } from '../core/command.ts';
import { findBillingEntity } from '../customers/find.ts';
import { pointFirstEndpoint } from '../webhooks/create.ts';
import { type OrganizationChanges, organizationChanges } from './entity-input.ts';
import { type EntityRow, writeEntity } from './write-entity.ts';

/** Changes the firm's own details: the organisation's name and its default billing entity. */
export const updateOrganization = defineCommand<OrganizationChanges, EntityRow>({
  name: 'organizations/update',
  input: organizationChanges,
  right: 'settings.write',
  reason: 'none',
  undo: null,
  async run(ctx, changes) {
    const { tx, organizationId } = ctx;
    const before = await findBillingEntity(tx, organizationId);
    const after = await writeEntity(ctx, before, changes);
    if (changes.webhook_url) await pointFirstEndpoint(ctx, changes.webhook_url);
    if (changes.name) {
      await tx.update(organizations).set({ name: changes.name }).where(eq(organizations.id, organizationId));
    }
    return {
      result: after,
      title: 'Change the organisation’s details',
      subject: { type: 'organization', id: organizationId },
      before,
      after,
    };
  },
});
