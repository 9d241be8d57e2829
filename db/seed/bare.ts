import type { Databases } from '@/db/clients';
import { foundCompany } from './company.ts';

/** One live organisation with its people and its key, and nothing else: what scenarios and journeys start from. */
export async function seedBare(
  databases: Databases,
  { now, apiKey }: { now: number; apiKey: string | undefined },
): Promise<void> {
  await foundCompany(databases, { mode: 'live', now, apiKey });
}
