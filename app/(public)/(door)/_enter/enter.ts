import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { FormState } from '@/components/forms/form-state';
import { CHALLENGE_MS } from '@/lib/auth/challenge';
import { safePath } from '@/lib/auth/origin';
import { cookieOptions, encodeSession } from '@/lib/auth/session-cookie';
import { challengeCookieName, sessionCookieName } from '@/lib/auth/session-cookie-name';
import { SESSION_MOST_MS } from '@/lib/auth/sessions';
import type { SignIn, Visitor } from '@/lib/auth/sign-in';
import { visitorOf } from '@/lib/auth/visitor';

/** Where the present request comes from. */
export async function visitor(): Promise<Visitor> {
  return visitorOf(await headers());
}

/**
 * Carries a sign-in's outcome out: keeps the session (or the challenge) in a cookie and goes on, or says in words what to
 * do. `next` is where the person was going.
 */
export async function enter(result: SignIn, next: string, refused: FormState): Promise<FormState> {
  const jar = await cookies();
  switch (result.kind) {
    case 'signed_in':
      jar.set(sessionCookieName(), await encodeSession(result), {
        ...cookieOptions(),
        maxAge: SESSION_MOST_MS / 1000,
      });
      jar.delete({ name: challengeCookieName(), ...cookieOptions() });
      return redirect(safePath(next));
    case 'code_needed':
      jar.set(challengeCookieName(), result.challenge, { ...cookieOptions(), maxAge: CHALLENGE_MS / 1000 });
      return redirect(`/sign-in/code${nextQuery(next)}`);
    case 'joined':
      return redirect('/sign-in');
    case 'refused':
      return refused;
    case 'over':
      return {
        ...refused,
        errors: undefined,
        message: 'This took too long or was used already. Start again.',
      };
    case 'no_membership':
      return {
        ...refused,
        errors: undefined,
        message: 'You are not a member of an organisation here any more. A founder can invite you.',
      };
    case 'stopped':
      return { ...refused, errors: undefined, message: tooMany(result.until, Date.now()) };
  }
}

/** "Too many tries. Try again in 12 minutes." Both in epoch milliseconds. */
export function tooMany(until: number, now: number): string {
  const minutes = Math.max(1, Math.ceil((until - now) / 60_000));
  return `Too many tries. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`;
}

/** `?next=…` for a path of our own, else nothing. */
export function nextQuery(next: string | undefined): string {
  const path = safePath(next);
  return path === '/' ? '' : `?next=${encodeURIComponent(path)}`;
}
