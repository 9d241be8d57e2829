'use server';

import { redirect } from 'next/navigation';
import { type FormState, text } from '@/components/forms/form-state';
import { databases } from '@/db/process';
import { requirePerson } from '@/lib/auth/current';
import { runCommand } from '@/lib/commands/core/execute';
import { addCustomer } from '@/lib/commands/customers/add';
import { CommandError } from '@/lib/schedule/errors';
import { actorOf } from '../../_acts/actor';

const FIELDS = [
  'name',
  'email',
  'external_id',
  'country',
  'currency',
  'timezone',
  'tax_identification_number',
] as const;

const SENTENCES: Record<string, string> = {
  value_is_mandatory: 'Give an id: small letters, figures and dashes are safest.',
  value_is_too_long: 'This is too long: 255 characters at most.',
  invalid_email_format: 'Write an address like name@example.com; several with a comma between.',
  not_a_valid_country_code: 'Choose a country of the list.',
  invalid_timezone: 'Choose a time zone of the list.',
  value_is_invalid: 'Choose one of the list.',
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Adds a customer and goes to their page. What is refused comes back at its field, with all that was typed. */
export async function addToCustomers(_state: FormState, data: FormData): Promise<FormState> {
  const person = await requirePerson();
  const { organizationId } = person;
  const values = Object.fromEntries(FIELDS.map((field) => [field, text(data, field)]));
  const said = (field: (typeof FIELDS)[number]) => text(data, field).trim() || null;
  if (!said('name')) return { errors: { name: 'Give the name you know them by.' }, values };
  const once = text(data, 'once');
  const input = {
    external_id: said('external_id') ?? '',
    name: said('name'),
    email: said('email'),
    country: said('country'),
    currency: said('currency'),
    timezone: said('timezone'),
    tax_identification_number: said('tax_identification_number'),
  };
  let id: string;
  try {
    const added = await runCommand(databases(), addCustomer, {
      organizationId,
      actor: actorOf(person),
      input,
      idempotencyKey: UUID.test(once) ? once : undefined,
    });
    id = added.id;
  } catch (error) {
    if (error instanceof CommandError) return { ...refusal(error), values };
    throw error;
  }
  redirect(`/customers/${id}`);
}

function refusal({ failure, message }: CommandError): FormState {
  if (failure.kind !== 'invalid') return { message };
  const errors: Record<string, string> = {};
  for (const [field, [code = '']] of Object.entries(failure.fields)) {
    errors[field] = failure.message ?? SENTENCES[code] ?? code;
  }
  return { errors };
}
