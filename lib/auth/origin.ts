const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** The address people know this server by, for links in mails. Never from a request: its Host is the caller's word. */
export function publicOrigin(url = process.env.NEXTAUTH_URL): string {
  return new URL(url || 'http://localhost:3000').origin;
}

/**
 * Whether a request that changes something comes from our own pages. Server actions are checked by Next; every route
 * handler that acts on a session cookie asks this. Requests bearing an API key instead of a cookie need not.
 */
export function isSameOrigin(request: { method: string; headers: Pick<Headers, 'get'> }): boolean {
  if (SAFE_METHODS.includes(request.method)) return true;
  const origin = request.headers.get('origin');
  if (!origin) return request.headers.get('sec-fetch-site') === 'same-origin';
  const host = request.headers.get('host');
  try {
    const from = new URL(origin);
    return from.host === host || from.origin === publicOrigin();
  } catch {
    return false;
  }
}

/** Where to go after sign-in: a path of our own, or the console's first page. */
export function safePath(next: string | null | undefined): string {
  if (!next?.startsWith('/') || /^\/[/\\]/.test(next) || /[\p{Cc}\\]/u.test(next)) return '/';
  return next;
}
