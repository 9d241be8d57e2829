import type { NextAuthOptions, User } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { databases } from '@/db/process';
import { withSystem } from '@/db/tenancy';
import { oidcProvider, oidcSettings, verifiedEmail } from './oidc.ts';
import { authSecret } from './secret.ts';
import { cookieOptions } from './session-cookie.ts';
import { sessionCookieName } from './session-cookie-name.ts';
import { revokeSession, SESSION_MOST_MS, verifySession } from './sessions.ts';
import { signInWithCode, signInWithPassword, signInWithVerifiedEmail, type Visitor } from './sign-in.ts';
import { isMember } from './users.ts';

/** What a sign-in hands to the token: the person and the row that stands for this session. */
interface SignedIn extends User {
  sessionId: string;
}

/**
 * next-auth for one request. Its token is a JWT that names a session row and nothing else; whoever reads it looks the row
 * up (see current.ts), so a revocation holds at once. The pages sign in through server actions, which write the same
 * token; this is the door for programs and for the company's identity provider.
 */
export function authOptions(visitor: Visitor): NextAuthOptions {
  const oidc = oidcSettings();
  return {
    secret: authSecret(),
    session: { strategy: 'jwt', maxAge: SESSION_MOST_MS / 1000 },
    pages: { signIn: '/sign-in', signOut: '/sign-in', error: '/sign-in' },
    cookies: { sessionToken: { name: sessionCookieName(), options: cookieOptions() } },
    providers: [credentials(visitor), ...(oidc ? [oidcProvider(oidc)] : [])],
    callbacks: {
      async signIn({ account, profile }) {
        if (account?.provider !== 'oidc') return true;
        const email = verifiedEmail(profile);
        if (!email) return '/sign-in?error=unverified';
        return (await withSystem(databases(), (tx) => isMember(tx, email))) || '/sign-in?error=no_membership';
      },
      async jwt({ token, user, account, profile }) {
        if (!account) return token;
        if (account.provider !== 'oidc') return { sub: user.id, sid: (user as SignedIn).sessionId };
        const email = verifiedEmail(profile) ?? '';
        const result = await withSystem(databases(), (tx) =>
          signInWithVerifiedEmail(tx, email, visitor, Date.now()),
        );
        return result.kind === 'signed_in' ? { sub: result.userId, sid: result.sessionId } : {};
      },
      async session({ session, token }) {
        const sid = typeof token.sid === 'string' ? token.sid : '';
        const person = sid ? await withSystem(databases(), (tx) => verifySession(tx, sid, Date.now())) : null;
        const user = person ? { name: person.name, email: person.email } : undefined;
        return { expires: session.expires, user };
      },
      redirect: ({ url, baseUrl }) => {
        const target = new URL(url, baseUrl);
        return target.origin === new URL(baseUrl).origin ? target.toString() : baseUrl;
      },
    },
    events: {
      async signOut({ token }) {
        const { sub, sid } = token ?? {};
        if (typeof sub !== 'string' || typeof sid !== 'string') return;
        await withSystem(databases(), (tx) => revokeSession(tx, sub, sid, Date.now()));
      },
    },
  };
}

/** E-mail and password, and a code where the person has a second factor: all three in one request. */
function credentials(visitor: Visitor) {
  return CredentialsProvider({
    name: 'E-mail and password',
    credentials: {
      email: { label: 'Work email', type: 'email' },
      password: { label: 'Password', type: 'password' },
      code: { label: 'Code', type: 'text' },
    },
    async authorize(given): Promise<SignedIn | null> {
      if (!given?.email || !given.password) return null;
      const first = await signInWithPassword(databases(), given, visitor, Date.now());
      const result =
        first.kind === 'code_needed' && given.code
          ? await signInWithCode(
              databases(),
              { challenge: first.challenge, code: given.code },
              visitor,
              Date.now(),
            )
          : first;
      if (result.kind === 'signed_in') return { id: result.userId, sessionId: result.sessionId };
      if (result.kind === 'refused') return null;
      throw new Error(result.kind);
    },
  });
}
