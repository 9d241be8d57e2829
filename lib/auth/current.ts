import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { databases } from '@/db/process';
import { withSystem } from '@/db/tenancy';
import { Forbidden } from './errors.ts';
import { PATH_HEADER } from './path-header.ts';
import type { Person } from './person.ts';
import { holds, type Right, whoMay } from './rights.ts';
import { decodeSession } from './session-cookie.ts';
import { sessionCookieName } from './session-cookie-name.ts';
import { verifySession } from './sessions.ts';

export type { Person } from './person.ts';

/**
 * Who is signed in, or null. Reads the session row, once a request: the cookie only names it. The one place besides the
 * doors where real time is taken, because a session lives in real time whatever an organisation's clock says.
 */
export const currentPerson = cache(async (): Promise<Person | null> => {
  const token = await decodeSession((await cookies()).get(sessionCookieName())?.value);
  if (!token) return null;
  const person = await withSystem(databases(), (tx) => verifySession(tx, token.sid, Date.now()));
  return person?.userId === token.sub ? person : null;
});

/** Who is signed in, for pages and server actions; sends everybody else to sign-in. */
export async function requirePerson(): Promise<Person> {
  const person = await currentPerson();
  if (person) return person;
  const path = (await headers()).get(PATH_HEADER);
  redirect(path && path !== '/' ? `/sign-in?next=${encodeURIComponent(path)}` : '/sign-in');
}

/** Throws Forbidden, which names who may, unless one of the person's roles holds the right. */
export function requireRole(person: Person, right: Right): void {
  if (!holds(person.roles, right)) throw new Forbidden(right, whoMay(right));
}
