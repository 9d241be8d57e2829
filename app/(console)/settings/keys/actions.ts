'use server';

import { refresh } from 'next/cache';
import { type FormState, text } from '@/components/forms/form-state';
import { databases } from '@/db/process';
import { withTenant } from '@/db/tenancy';
import { createApiKey, revokeApiKey, rotateApiKey } from '@/lib/auth/api-keys';
import { scopeWords } from '@/lib/auth/api-permissions';
import { recordTeamAct } from '@/lib/auth/audit';
import { requirePerson, requireRole } from '@/lib/auth/current';
import { Forbidden } from '@/lib/auth/errors';
import { readEnd, readKey } from './fields';
import { OVERLAPS } from './lives';

export interface KeyState extends FormState {
  /** The key itself: it exists nowhere else and is shown this once. */
  key?: string;
  /** Of a replaced one: when it stops working, epoch milliseconds. */
  oldEndsAt?: number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Makes a key with what it may do, how often and until when. */
export async function makeKey(_state: KeyState, data: FormData): Promise<KeyState> {
  const person = await requirePerson();
  const now = Date.now();
  const { fields, errors } = readKey(data, now, person.timezone);
  if (Object.keys(errors).length > 0) return { errors };
  try {
    requireRole(person, 'api_keys.manage');
  } catch (error) {
    if (error instanceof Forbidden) return { message: error.message };
    throw error;
  }
  const { organizationId, organization } = person;
  const { name } = fields;
  const key = await withTenant(databases(), organizationId, async (tx) => {
    const live = organization.mode !== 'sandbox';
    const made = await createApiKey(tx, { organizationId, live, ...fields }, now);
    const act = { command: 'api-keys/create', title: `Make the API key “${name}”`, input: fields };
    await recordTeamAct(tx, person, { ...act, subject: { type: 'api_key', id: made.id } }, now);
    return made.key;
  });
  refresh();
  return { key, done: scopeWords(fields.scopes) };
}

/** Makes another key like this one; this one works on as long as is chosen, so that its programs can change over. */
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
  const errors: Record<string, string> = {};
  const expiresAt = readEnd(data, now, person.timezone, errors);
  const hours = OVERLAPS.find(({ value }) => value === text(data, 'overlap'))?.value;
  if (hours === undefined) errors.overlap = 'Choose how long the old one works on.';
  if (Object.keys(errors).length > 0) return { errors };
  const overlapMs = Number(hours) * 3_600_000;
  const made = await withTenant(databases(), organizationId, async (tx) => {
    const rotated = await rotateApiKey(
      tx,
      { organizationId, id, live: organization.mode !== 'sandbox', overlapMs, expiresAt },
      now,
    );
    if (!rotated) return null;
    const act = {
      command: 'api-keys/replace',
      title: 'Replace an API key',
      input: { id, overlapMs, expiresAt },
    };
    await recordTeamAct(tx, person, { ...act, subject: { type: 'api_key', id: rotated.id } }, now);
    return rotated;
  });
  if (!made) return { message: 'This key has ended meanwhile. Reload the page.' };
  refresh();
  return { key: made.key, oldEndsAt: made.oldEndsAt };
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
