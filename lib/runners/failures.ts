/** The database is away, restarting or full: nothing is wrong with the work itself. */
const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  '08000',
  '08003',
  '08006',
  '25P03',
  '53300',
  '57P01',
  '57P02',
  '57P03',
]);
/** Serialisation failure, deadlock, lock time-out: the same work may succeed a moment later. */
const CONTENDED = new Set(['40001', '40P01', '55P03']);
const LONGEST = 500;

/** Whether the database cannot be reached at all just now. */
export function isAway(error: unknown): boolean {
  return causes(error).some(({ code }) => code !== undefined && AWAY.has(code));
}

/** Whether the same work may succeed later without anybody mending anything. Such a failure is no attempt. */
export function isTransient(error: unknown): boolean {
  return isAway(error) || causes(error).some(({ code }) => code !== undefined && CONTENDED.has(code));
}

/** The innermost reason in at most 500 characters: what a person needs to read, without the statement around it. */
export function reasonOf(error: unknown): string {
  const innermost = causes(error).at(-1);
  return (innermost ? innermost.message : String(error)).slice(0, LONGEST);
}

function causes(error: unknown): { code?: string; message: string }[] {
  const found: { code?: string; message: string }[] = [];
  for (let current = error; current instanceof Error && found.length < 10; current = current.cause) {
    const code = 'code' in current && typeof current.code === 'string' ? current.code : undefined;
    found.push({ code, message: current.message || code || current.name });
  }
  return found;
}
