'use server';

import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import { type FormState, text } from '@/components/forms/form-state';
import { databases } from '@/db/process';
import { requirePerson } from '@/lib/auth/current';
import type { Command } from '@/lib/commands/core/command';
import { runCommand } from '@/lib/commands/core/execute';
import { createEndpoint } from '@/lib/commands/webhooks/create';
import { deleteEndpoint } from '@/lib/commands/webhooks/delete';
import type { EndpointRow } from '@/lib/commands/webhooks/find';
import { replayDeliveries, resendDelivery, retryMessages } from '@/lib/commands/webhooks/resend';
import { rotateSecret } from '@/lib/commands/webhooks/rotate-secret';
import { turnEndpoint, updateEndpoint } from '@/lib/commands/webhooks/update';
import { CommandError } from '@/lib/schedule/errors';
import { openForWebhooks } from '@/lib/schedule/webhooks/secrets';
import { actorOf } from '../../_acts/actor';

export interface SecretState extends FormState {
  /** Shown this once; only a sealed copy is kept for signing. */
  secret?: string;
}

const SENTENCES: Record<string, string> = {
  url_is_invalid:
    'Give a whole address that begins with https:// or http://, without a name or password in it.',
  value_already_exist: 'There is an endpoint for this address already.',
  value_is_mandatory: 'Give the address that is to be told.',
  value_is_too_long: 'This is too long.',
};
const FIELDS: Record<string, string> = { webhook_url: 'url', name: 'name' };

type Ran<R> = { result: R } | { refused: FormState };

/** Runs a command as the signed-in person; what it refuses comes back as words for the form. */
async function act<I, R>(command: Command<I, R>, input: I): Promise<Ran<R>> {
  const person = await requirePerson();
  const { organizationId } = person;
  try {
    return {
      result: await runCommand(databases(), command, { organizationId, actor: actorOf(person), input }),
    };
  } catch (error) {
    if (error instanceof CommandError) return { refused: refusal(error) };
    throw error;
  }
}

function refusal(error: CommandError): FormState {
  const { failure } = error;
  if (failure.kind === 'not_found') return { message: 'It is not there any more. Nothing was changed.' };
  if (failure.kind !== 'invalid') return { message: error.message };
  const errors: Record<string, string> = {};
  const rest: string[] = [];
  for (const [field, [code = '']] of Object.entries(failure.fields)) {
    const said = SENTENCES[code] ?? code;
    const shown = FIELDS[field];
    if (shown) errors[shown] = said;
    else rest.push(said);
  }
  return { errors, message: rest.join(' ') || undefined };
}

/** What the form of an endpoint says; no ticked type asks for every one. */
function endpointOf(data: FormData) {
  const types = data.getAll('types').filter((type): type is string => typeof type === 'string');
  return {
    webhook_url: text(data, 'url').trim(),
    name: text(data, 'name').trim() || null,
    signature_algo: text(data, 'algo') === 'hmac' ? ('hmac' as const) : ('jwt' as const),
    event_types: types.length === 0 ? null : types,
  };
}

/** The secret in the clear, for the one time it is shown. */
const secretOf = ({ organizationId, secret }: EndpointRow) =>
  openForWebhooks(secret, organizationId, 'secret');

export async function addEndpoint(_state: SecretState, data: FormData): Promise<SecretState> {
  const ran = await act(createEndpoint, endpointOf(data));
  const values = { url: text(data, 'url'), name: text(data, 'name'), algo: text(data, 'algo') };
  if ('refused' in ran) return { ...ran.refused, values };
  refresh();
  return { secret: secretOf(ran.result) };
}

export async function changeEndpoint(_state: FormState, data: FormData): Promise<FormState> {
  const ran = await act(updateEndpoint, { id: text(data, 'endpoint'), changes: endpointOf(data) });
  if ('refused' in ran)
    return { ...ran.refused, values: { url: text(data, 'url'), name: text(data, 'name') } };
  refresh();
  return { done: 'Changed. What waits goes to the new address.' };
}

export async function rotate(_state: SecretState, data: FormData): Promise<SecretState> {
  const overlapHours = Number(text(data, 'overlap'));
  const ran = await act(rotateSecret, { id: text(data, 'endpoint'), overlapHours });
  if ('refused' in ran) return ran.refused;
  refresh();
  return { secret: secretOf(ran.result) };
}

export async function turn(_state: FormState, data: FormData): Promise<FormState> {
  const on = text(data, 'on') === 'yes';
  const ran = await act(turnEndpoint, { id: text(data, 'endpoint'), on });
  if ('refused' in ran) return ran.refused;
  refresh();
  return {
    done: on
      ? 'It is on. Replay what waited when you are ready.'
      : 'It is off. What happens meanwhile is kept.',
  };
}

export async function removeEndpoint(_state: FormState, data: FormData): Promise<FormState> {
  const ran = await act(deleteEndpoint, { id: text(data, 'endpoint') });
  if ('refused' in ran) return ran.refused;
  redirect('/settings/webhooks');
}

export async function sendAgain(_state: FormState, data: FormData): Promise<FormState> {
  const ran = await act(resendDelivery, { deliveryId: text(data, 'delivery') });
  if ('refused' in ran) return ran.refused;
  refresh();
  return { done: 'It is on its way again.' };
}

export async function replay(_state: FormState, data: FormData): Promise<FormState> {
  const hours = Number(text(data, 'hours'));
  const which = text(data, 'which') === 'all' ? ('all' as const) : ('undelivered' as const);
  if (!Number.isInteger(hours) || hours < 1 || hours > 90 * 24) {
    return { message: 'Choose how far back to go.' };
  }
  const now = Date.now();
  const range = {
    endpointId: text(data, 'endpoint'),
    from: now - hours * 3_600_000,
    to: now + 60_000,
    which,
  };
  const ran = await act(replayDeliveries, range);
  if ('refused' in ran) return ran.refused;
  refresh();
  const { count } = ran.result;
  return { done: count === 0 ? 'There was nothing to send.' : `${count} on their way, oldest first.` };
}

export async function makeAgain(_state: FormState): Promise<FormState> {
  const ran = await act(retryMessages, {});
  if ('refused' in ran) return ran.refused;
  refresh();
  return { done: 'They are being made again.' };
}
