'use server';

import pino from 'pino';
import { type FormState, text } from '@/components/forms/form-state';
import { databases } from '@/db/process';
import { mail } from '@/lib/adapters/mail/mail';
import { isEmail, normalizeEmail } from '@/lib/auth/emails';
import { publicOrigin } from '@/lib/auth/origin';
import { requestPasswordReset } from '@/lib/auth/password-reset';
import { tooMany, visitor } from '../_enter/enter';

const log = pino({ name: 'sign-in' });

/** Mails a link for a new password. Says the same whether or not the address is known. */
export async function forgot(_state: FormState, data: FormData): Promise<FormState> {
  const email = text(data, 'email');
  const values = { email };
  if (!isEmail(normalizeEmail(email))) {
    return { errors: { email: 'Give your work address, such as ines@example.com.' }, values };
  }
  const now = Date.now();
  const given = { email, origin: publicOrigin() };
  const result = await requestPasswordReset(databases(), given, await visitor(), mail(), now, (error) =>
    log.error({ err: error }, 'the mail with a password link was not sent'),
  );
  if (result.kind === 'stopped') return { message: tooMany(result.until, now), values };
  return { done: 'If this address is known here, a link is on its way. It works for one hour.', values };
}
