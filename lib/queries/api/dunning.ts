import { and, desc, eq, isNull } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { dunningCampaigns } from '@/db/schema';
import { type Listed, offsetOf, type PageWindow } from './page.ts';

/** Dunning campaigns, newest first. */
export async function listCampaigns(
  tx: Tx,
  organizationId: string,
  window: PageWindow,
): Promise<Listed<typeof dunningCampaigns.$inferSelect>> {
  const where = and(eq(dunningCampaigns.organizationId, organizationId), isNull(dunningCampaigns.deletedAt));
  const rows = await tx
    .select()
    .from(dunningCampaigns)
    .where(where)
    .orderBy(desc(dunningCampaigns.createdAt), desc(dunningCampaigns.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return { totalCount: await tx.$count(dunningCampaigns, where), rows };
}
