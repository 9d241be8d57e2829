import type { Databases } from '@/db/clients';
import { foundCompany } from './company.ts';

export interface DemoOptions {
  /** Epoch milliseconds: the moment the history ends. */
  now: number;
  apiKey: string | undefined;
  say(line: string): void;
}

/** Fills a database with the demo company. */
export async function seedDemo(databases: Databases, { now, apiKey, say }: DemoOptions): Promise<void> {
  await foundCompany(databases, { mode: 'live', now, apiKey });
  say('the company and its people');
}
