'use server';

import { redirect } from 'next/navigation';
import { type FormState, text } from '@/components/forms/form-state';
import { databases } from '@/db/process';
import { Refused } from '@/lib/auth/errors';
import { resetPassword } from '@/lib/auth/password-reset';

/** Sets the new password through a mailed link, once. */
export async function reset(_state: FormState, data: FormData): Promise<FormState> {
  const password = text(data, 'password');
  if (password !== text(data, 'again'))
    return { errors: { again: 'The two are not the same. Type it again.' } };
  try {
    if (await resetPassword(databases(), { token: text(data, 'token'), password }, Date.now())) {
      return redirect('/sign-in?changed');
    }
    return { message: 'This link was used already or is over. Ask for a new one on the sign-in page.' };
  } catch (error) {
    if (error instanceof Refused) return { errors: { [error.field ?? 'password']: error.message } };
    throw error;
  }
}
