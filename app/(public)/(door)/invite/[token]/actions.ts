'use server';

import { type FormState, text } from '@/components/forms/form-state';
import { databases } from '@/db/process';
import { Refused } from '@/lib/auth/errors';
import { acceptInvitation } from '@/lib/auth/invitations';
import { enter, visitor } from '../../_enter/enter';

/** Accepts an invitation and signs in. */
export async function accept(_state: FormState, data: FormData): Promise<FormState> {
  const given = { token: text(data, 'token'), name: text(data, 'name'), password: text(data, 'password') };
  const values = { name: given.name };
  try {
    const result = await acceptInvitation(databases(), given, await visitor(), Date.now());
    const errors = { password: 'This is not the password you have here. Try again, or choose a new one.' };
    return await enter(result, '/', { errors, values });
  } catch (error) {
    if (error instanceof Refused) return { errors: { [error.field ?? 'password']: error.message }, values };
    throw error;
  }
}
