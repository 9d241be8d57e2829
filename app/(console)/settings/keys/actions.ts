'use server';

import { refresh } from 'next/cache';
import { type FormState, text } from '@/components/forms/form-state';
import { databases } from '@/db/process';
import { withTenant } from '@/db/tenancy';
import { createApiKey, revokeApiKey, rotateApiKey } from '@/lib/auth/api-keys';
import { recordTeamAct } from '@/lib/auth/audit';
import { requirePerson, requireRole } from '@/lib/auth/current';
import { Forbidden } from '@/lib/auth/errors';

export interface KeyState extends FormState {
  /** The key itself: it exists nowhere else and is shown this once. */
  key?: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Makes a key that may do everything the API offers in this organisation. */
export async function makeKey(_state: KeyState, data: FormData): Promise<KeyState> {
  const person = await requirePerson();
  const name = text(data, 'name').trim();
  const values = { name };
  if (name === '' || name.length > 80) {
    return { errors: { name: 'Say what will use it, in up to 80 characters.' }, values };
  }
  try {
    requireRole(person, 'api_keys.manage');
  } catch (error) {
    if (error instanceof Forbidden) return { message: error.message, values };
    throw error;
  }
  const { organizationId, organization } = person;
  const now = Date.now();
  const key = await withTenant(databases(), organizationId, async (tx) => {
    const made = await createApiKey(tx, { organizationId, name, live: organization.mode !== 'sandbox' }, now);
    const act = { command: 'api-keys/create', title: `Make the API key “${name}”`, input: { name } };
    await recordTeamAct(tx, person, { ...act, subject: { type: 'api_key', id: made.id } }, now);
    return made.key;
  });
  refresh();
  return { key };
}

/** Makes another key like this one; this one goes on working for a day, so that its programs can change over. */
export async function replaceKey(_state: KeyState, data: FormData): Promise<KeyState> {
  const person = await requirePerson();
  const id = text(data, 'key');
  try {
    requireRole(person, 'api_keys.manage');
  } catch (error) {
    if (error instanceof Forbidden) return { message: error.message };
    throw error;
  }
  if (!UUID.test(id)) return { message: 'This key is not known. Reload the page.' };
  const { organizationId, organization } = person;
  const now = Date.now();
  const made = await withTenant(databases(), organizationId, async (tx) => {
    const rotated = await rotateApiKey(
      tx,
      { organizationId, id, live: organization.mode !== 'sandbox' },
      now,
    );
    if (!rotated) return null;
    const act = { command: 'api-keys/replace', title: 'Replace an API key', input: { id } };
    await recordTeamAct(tx, person, { ...act, subject: { type: 'api_key', id: rotated.id } }, now);
    return rotated;
  });
  if (!made) return { message: 'This key has ended meanwhile. Reload the page.' };
  refresh();
  return { key: made.key };
}

/** Ends a key. Whatever uses it is refused within seconds. */
export async function endKey(data: FormData): Promise<void> {
  const person = await requirePerson();
  requireRole(person, 'api_keys.manage');
  const id = text(data, 'key');
  if (!UUID.test(id)) return;
  const { organizationId } = person;
  const now = Date.now();
  await withTenant(databases(), organizationId, async (tx) => {
    if (!(await revokeApiKey(tx, organizationId, id, now))) return;
    const act = { command: 'api-keys/end', title: 'End an API key', input: { id } };
    await recordTeamAct(tx, person, { ...act, subject: { type: 'api_key', id } }, now);
  });
  refresh();
}
