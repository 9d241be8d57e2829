import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Databases } from '@/db/clients';
import { billingEntities, organizations } from '@/db/schema';
import { withSystem } from '@/db/tenancy';
import { createApiKey } from '@/lib/auth/api-keys';
import { createOrganization } from '@/lib/auth/organizations';
import { currency, instant, optionalText } from '../core/fields.ts';
import { country, timezone } from '../customers/input.ts';
import { entityChanges, entityColumns } from './entity-input.ts';

export const sandboxInput = entityChanges.extend({
  name: optionalText(120),
  default_currency: currency().nullish(),
  timezone: timezone(),
  country: country(),
  now: instant().nullish(),
});
export type SandboxInput = z.infer<typeof sandboxInput>;

export interface CreatedSandbox {
  organizationId: string;
  apiKey: string;
  /** Epoch milliseconds. */
  now: number;
}

/** The organisation's mode: only a live one may make sandboxes. */
export async function organizationMode(databases: Databases, organizationId: string): Promise<string | null> {
  const [row] = await withSystem(databases, (tx) =>
    tx.select({ mode: organizations.mode }).from(organizations).where(eq(organizations.id, organizationId)),
  );
  return row?.mode ?? null;
}

/**
 * Makes an isolated organisation with every feature on, its own hand-moved clock and an API key of its own. It belongs to
 * nobody's books, so it is not an act on the organisation that asks for it. `present` is the database's time, for a clock
 * nobody set.
 */
export async function createSandbox(
  databases: Databases,
  input: SandboxInput,
  present: number,
): Promise<CreatedSandbox> {
  const now = input.now ?? present;
  // Two sandboxes of one name may reach for the same slug at once; the loser finds it taken when it tries again.
  return makeSandbox(databases, input, now, present).catch(() => makeSandbox(databases, input, now, present));
}

async function makeSandbox(
  databases: Databases,
  input: SandboxInput,
  now: number,
  present: number,
): Promise<CreatedSandbox> {
  return withSystem(databases, async (tx) => {
    const { organizationId, billingEntityId } = await createOrganization(tx, {
      name: input.name || 'Sandbox',
      timezone: input.timezone ?? 'UTC',
      currency: input.default_currency ?? 'USD',
      country: input.country ?? null,
      mode: 'sandbox',
      now,
    });
    const entity = and(
      eq(billingEntities.organizationId, organizationId),
      eq(billingEntities.id, billingEntityId),
    );
    const [before] = await tx.select().from(billingEntities).where(entity);
    const { name: _name, ...changes } = input;
    if (before) await tx.update(billingEntities).set(entityColumns(changes, before)).where(entity);
    const { key } = await createApiKey(tx, { organizationId, name: 'Sandbox', live: false }, present);
    return { organizationId, apiKey: key, now };
  });
}
