import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { newId } from '@/db/ids';
import { features, planEntitlements, subscriptionEntitlements } from '@/db/schema';
import { announce } from '@/lib/schedule/outbox';
import { type CommandContext, defineCommand } from '../core/command.ts';
import { identifier } from '../core/fields.ts';
import { orTaken } from '../core/taken.ts';
import { type FeatureRow, lockFeature, privilegeOf } from './find.ts';
import { featureChanges, featureInput, readPrivileges } from './input.ts';

/** Adds a feature to the catalogue. Throws invalid. */
export const createFeature = defineCommand<z.infer<typeof featureInput>, FeatureRow>({
  name: 'features/create',
  input: featureInput,
  right: 'catalog.write',
  reason: 'none',
  undo: null,
  async run({ tx, organizationId, now }, given) {
    const feature = orTaken(
      await tx
        .insert(features)
        .values({
          organizationId,
          id: newId(),
          code: given.code,
          name: given.name ?? null,
          description: given.description ?? null,
          privileges: readPrivileges(given.privileges ?? []),
          createdAt: new Date(now),
        })
        .onConflictDoNothing()
        .returning(),
    );
    await announce(tx, organizationId, now, { type: 'feature.created', objectId: feature.id });
    return {
      result: feature,
      title: `Add the feature "${wordOf(feature)}"`,
      subject: subject(feature),
      after: feature,
    };
  },
});

const changesInput = z.object({ code: identifier(), changes: featureChanges });

/** Changes a feature's words and merges privileges into it; its code stays. Throws not_found and invalid. */
export const updateFeature = defineCommand<z.infer<typeof changesInput>, FeatureRow>({
  name: 'features/update',
  input: changesInput,
  right: 'catalog.write',
  reason: 'none',
  undo: null,
  async run(ctx, { code, changes }) {
    const before = await lockFeature(ctx.tx, ctx.organizationId, code);
    const after = await change(ctx, before, {
      name: changes.name,
      description: changes.description,
      privileges: readPrivileges(changes.privileges ?? [], before.privileges),
    });
    await announce(ctx.tx, ctx.organizationId, ctx.now, { type: 'feature.updated', objectId: after.id });
    return {
      result: after,
      title: `Change the feature "${wordOf(after)}"`,
      subject: subject(after),
      before,
      after,
    };
  },
});

const named = z.object({ code: identifier() });

/** Removes a feature, from every plan and subscription too. Throws not_found. */
export const deleteFeature = defineCommand<z.infer<typeof named>, FeatureRow>({
  name: 'features/delete',
  input: named,
  right: 'catalog.write',
  reason: 'none',
  undo: null,
  async run(ctx, { code }) {
    const { tx, organizationId, now } = ctx;
    const feature = await lockFeature(tx, organizationId, code);
    for (const table of [planEntitlements, subscriptionEntitlements]) {
      await tx
        .delete(table)
        .where(and(eq(table.organizationId, organizationId), eq(table.featureId, feature.id)));
    }
    await change(ctx, feature, { deletedAt: new Date(now) });
    await announce(tx, organizationId, now, { type: 'feature.deleted', objectId: feature.id });
    return {
      result: feature,
      title: `Remove the feature "${wordOf(feature)}"`,
      subject: subject(feature),
      before: feature,
    };
  },
});

const privilegeName = z.object({ code: identifier(), privilege_code: identifier() });

/** Removes one privilege of a feature and the values plans and subscriptions gave it. Throws not_found. */
export const deletePrivilege = defineCommand<z.infer<typeof privilegeName>, FeatureRow>({
  name: 'features/delete-privilege',
  input: privilegeName,
  right: 'catalog.write',
  reason: 'none',
  undo: null,
  async run(ctx, { code, privilege_code }) {
    const { tx, organizationId, now } = ctx;
    const before = await lockFeature(tx, organizationId, code);
    const gone = privilegeOf(before, privilege_code);
    for (const table of [planEntitlements, subscriptionEntitlements]) {
      await tx
        .update(table)
        .set({ values: sql`${table.values} - ${gone.code}::text` })
        .where(and(eq(table.organizationId, organizationId), eq(table.featureId, before.id)));
    }
    const after = await change(ctx, before, {
      privileges: before.privileges.filter((privilege) => privilege !== gone),
    });
    await announce(tx, organizationId, now, { type: 'feature.updated', objectId: after.id });
    return {
      result: after,
      title: `Remove "${gone.name ?? gone.code}" from the feature "${wordOf(after)}"`,
      subject: subject(after),
      before,
      after,
    };
  },
});

async function change(
  { tx, organizationId }: CommandContext,
  feature: FeatureRow,
  values: Partial<FeatureRow>,
): Promise<FeatureRow> {
  const [after] = await tx
    .update(features)
    .set(values)
    .where(
      and(
        eq(features.organizationId, organizationId),
        eq(features.id, feature.id),
        isNull(features.deletedAt),
      ),
    )
    .returning();
  return after ?? feature;
}

function wordOf({ name, code }: FeatureRow): string {
  return name ?? code;
}

function subject({ id }: FeatureRow) {
  return { type: 'feature', id };
}
