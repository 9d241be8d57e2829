import { decode, encode } from 'next-auth/jwt';
import { authSecret } from './secret.ts';
import { isSecure } from './session-cookie-name.ts';
import { SESSION_MOST_MS } from './sessions.ts';

export function cookieOptions() {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure() } as const;
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
