'use server';

import { redirect } from 'next/navigation';
import { type FormState, text } from '@/components/forms/form-state';
import { databases } from '@/db/process';
import { withSystem } from '@/db/tenancy';
import { currentPerson, requireRole } from '@/lib/auth/current';
import { normalizeEmail } from '@/lib/auth/emails';
import { Refused } from '@/lib/auth/errors';
import {
  checkOrganization,
  createOrganization,
  isFirstOrganization,
  lockFirstOrganization,
  type NewOrganization,
} from '@/lib/auth/organizations';
import { switchOrganization } from '@/lib/auth/sessions';
import { isSetupToken, setupTokenRequired } from '@/lib/auth/setup-token';
import { begin } from '@/lib/auth/sign-in';
import { createUser } from '@/lib/auth/users';
import { enter, visitor } from '../_enter/enter';

/** The organisation a form describes. Throws Refused, by the form's own field names. */
function organizationIn(data: FormData, now: number): NewOrganization {
  const organization = {
    name: text(data, 'organization').trim(),
    timezone: text(data, 'timezone'),
    currency: text(data, 'currency'),
    country: text(data, 'country') || null,
    mode: 'live' as const,
    now,
  };
  try {
    checkOrganization(organization);
  } catch (error) {
    if (error instanceof Refused && error.field === 'name') throw new Refused('organization', error.message);
    throw error;
  }
  return organization;
}

const KEPT = ['token', 'organization', 'timezone', 'currency', 'country', 'name', 'email'];

function refusal(error: unknown, data: FormData): FormState {
  if (!(error instanceof Refused)) throw error;
  const values = Object.fromEntries(KEPT.map((name) => [name, text(data, name)]));
  return error.field
    ? { errors: { [error.field]: error.message }, values }
    : { message: error.message, values };
}

/** Makes the first organisation and its founder, on a server that has none. */
export async function createFirst(_state: FormState, data: FormData): Promise<FormState> {
  const now = Date.now();
  const from = await visitor();
  try {
    const result = await withSystem(databases(), async (tx) => {
      await lockFirstOrganization(tx);
      if (!(await isFirstOrganization(tx))) {
        throw new Refused(
          null,
          'Somebody was quicker: this server has an organisation now. Ask its founder to invite you.',
        );
      }
      if (setupTokenRequired() && !isSetupToken(text(data, 'token'))) {
        throw new Refused(
          'token',
          'This is not the setup token. The server wrote it into its log when it started.',
        );
      }
      const organization = organizationIn(data, now);
      const [name, email] = [text(data, 'name').trim(), normalizeEmail(text(data, 'email'))];
      const userId = await createUser(tx, { email, name, password: text(data, 'password') }, now);
      await createOrganization(tx, { ...organization, founder: { userId, name, email } });
      return begin(tx, userId, from, now);
    });
    return await enter(result, '/', {});
  } catch (error) {
    return refusal(error, data);
  }
}

/** Makes another organisation, with the signed-in person as its founder, and goes there. */
export async function createAnother(_state: FormState, data: FormData): Promise<FormState> {
  const person = await currentPerson();
  if (!person) return redirect('/sign-in?next=/welcome');
  requireRole(person, 'organisation.create');
  const now = Date.now();
  try {
    await withSystem(databases(), async (tx) => {
      const { userId, name, email, timezone } = person;
      const founder = { userId, name, email, timezone };
      const { organizationId } = await createOrganization(tx, { ...organizationIn(data, now), founder });
      await switchOrganization(tx, person, organizationId);
    });
  } catch (error) {
    return refusal(error, data);
  }
  return redirect('/');
}
