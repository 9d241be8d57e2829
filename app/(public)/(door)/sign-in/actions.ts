'use server';

import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { type FormState, text } from '@/components/forms/form-state';
import { databases } from '@/db/process';
import { withSystem } from '@/db/tenancy';
import { currentPerson } from '@/lib/auth/current';
import { cookieOptions } from '@/lib/auth/session-cookie';
import { challengeCookieName, sessionCookieName } from '@/lib/auth/session-cookie-name';
import { revokeSession } from '@/lib/auth/sessions';
import { signInWithCode, signInWithPassword } from '@/lib/auth/sign-in';
import { enter, visitor } from '../_enter/enter';

/** E-mail and password. */
export async function signIn(_state: FormState, data: FormData): Promise<FormState> {
  const [email, password] = [text(data, 'email'), text(data, 'password')];
  const values = { email };
  if (!email.trim()) return { errors: { email: 'Give the address your team invited.' }, values };
  if (!password) return { errors: { password: 'Give your password.' }, values };
  const result = await signInWithPassword(databases(), { email, password }, await visitor(), Date.now());
  const errors = {
    password: 'Address and password do not belong together. Check both, or choose a new password.',
  };
  return enter(result, text(data, 'next'), { errors, values });
}

/** The code of the second factor. */
export async function signInByCode(_state: FormState, data: FormData): Promise<FormState> {
  const challenge = (await cookies()).get(challengeCookieName())?.value ?? '';
  const given = { challenge, code: text(data, 'code') };
  const result = await signInWithCode(databases(), given, await visitor(), Date.now());
  const errors = {
    code: 'This code is not right, or was used already. Wait for the next one in your app, or use a recovery code.',
  };
  return enter(result, text(data, 'next'), { errors });
}

/** Ends this session, here and on the server. */
export async function signOut(): Promise<void> {
  const person = await currentPerson();
  if (person) {
    await withSystem(databases(), (tx) => revokeSession(tx, person.userId, person.sessionId, Date.now()));
  }
  (await cookies()).delete({ name: sessionCookieName(), ...cookieOptions() });
  redirect('/sign-in');
}
