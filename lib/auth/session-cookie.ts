import { decode, encode } from 'next-auth/jwt';
import { authSecret } from './secret.ts';
import { SESSION_MOST_MS } from './sessions.ts';

/** Over https the cookie is tied to this very host and to https (`__Host-`). */
export function isSecure(url = process.env.NEXTAUTH_URL ?? ''): boolean {
  return url.startsWith('https://');
}

export function sessionCookieName(secure = isSecure()): string {
  return secure ? '__Host-counterfoil.session' : 'counterfoil.session';
}

/** Between the password and the code. */
export function challengeCookieName(secure = isSecure()): string {
  return secure ? '__Host-counterfoil.challenge' : 'counterfoil.challenge';
}

export function cookieOptions(secure = isSecure()) {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure } as const;
}

/** What the encrypted cookie says: which session row to look up. It proves nothing without that row. */
export interface SessionToken {
  sub: string;
  sid: string;
}

const MOST_SECONDS = SESSION_MOST_MS / 1000;

/** The cookie's value for a session: next-auth's own encrypted token, so that its routes read it too. */
export function encodeSession(session: { userId: string; sessionId: string }): Promise<string> {
  const token = { sub: session.userId, sid: session.sessionId };
  return encode({ token, secret: authSecret(), maxAge: MOST_SECONDS });
}

/** What a cookie's value says, or null when it is over or not one of ours. */
export async function decodeSession(value: string | undefined): Promise<SessionToken | null> {
  if (!value) return null;
  try {
    const token = await decode({ token: value, secret: authSecret() });
    const [sub, sid] = [token?.sub, token?.sid];
    return typeof sub === 'string' && typeof sid === 'string' ? { sub, sid } : null;
  } catch {
    return null;
  }
}
