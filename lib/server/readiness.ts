import { sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';

const ANSWER_WITHIN_MS = 2_000;

/** Whether a load balancer should send requests here: `draining` while stopping, `database_away` while Postgres is. */
export type Readiness = 'ready' | 'draining' | 'database_away';

/** Asks the database, waiting no longer than 2 s. Never throws. */
export async function databaseAnswers(databases: Databases): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ANSWER_WITHIN_MS);
  });
  const asked = databases.system.execute(sql`select 1`).then(
    () => true,
    () => false,
  );
  const answer = await Promise.race([asked, late]);
  clearTimeout(timer);
  return answer;
}
