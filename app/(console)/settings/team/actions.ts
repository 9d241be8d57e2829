'use server';

import { refresh } from 'next/cache';
import pino from 'pino';
import { z } from 'zod';
import { type FormState, text } from '@/components/forms/form-state';
import { databases } from '@/db/process';
import { mail } from '@/lib/adapters/mail/mail';
import { requirePerson, requireRole } from '@/lib/auth/current';
import { Forbidden, Refused } from '@/lib/auth/errors';
import { invite, revokeInvitation } from '@/lib/auth/invitations';
import { invitationMail } from '@/lib/auth/mails';
import { publicOrigin } from '@/lib/auth/origin';
import { changeRoles, endMembership } from '@/lib/auth/team';
import { runCommand } from '@/lib/commands/core/execute';
import { changeLimit } from '@/lib/commands/limits/change';
import { CommandError } from '@/lib/schedule/errors';
import { actorOf } from '../../_acts/actor';

const log = pino({ name: 'team' });

const rolesIn = (data: FormData) => data.getAll('roles').filter((role) => typeof role === 'string');

async function answer(
  values: Record<string, string>,
  work: () => Promise<InviteState>,
): Promise<InviteState> {
  try {
    const state = await work();
    refresh();
    return state;
  } catch (error) {
    if (error instanceof Forbidden) return { message: error.message, values };
    if (!(error instanceof Refused)) throw error;
    return error.field
      ? { errors: { [error.field]: error.message }, values }
      : { message: error.message, values };
  }
}

export interface InviteState extends FormState {
  /** To be handed over by the founder, when no mail could take it. */
  link?: string;
}

/** Invites a person, by mail where there is a mail server. */
export async function inviteMember(_state: InviteState, data: FormData): Promise<InviteState> {
  const person = await requirePerson();
  const email = text(data, 'email');
  return answer({ email }, async () => {
    requireRole(person, 'settings.team');
    const invitation = await invite(databases(), person, { email, roles: rolesIn(data) }, Date.now());
    const letter = invitationMail({
      to: invitation.email,
      invitedBy: person.name,
      organization: person.organization.name,
      origin: publicOrigin(),
      token: invitation.token,
    });
    const outcome = await mail()
      .send(letter)
      .catch((error: unknown) => {
        log.error({ err: error }, 'the mail with an invitation was not sent');
        return 'not_sent' as const;
      });
    if (outcome === 'sent') return { done: `The invitation is on its way to ${invitation.email}.` };
    return {
      message: `No mail could be sent. Give ${invitation.email} this link yourself; it is shown only now.`,
      link: letter.link,
    };
  });
}

/** Takes an open invitation back. */
export async function takeBackInvitation(data: FormData): Promise<void> {
  const person = await requirePerson();
  requireRole(person, 'settings.team');
  await revokeInvitation(databases(), person, text(data, 'invitation'), Date.now());
  refresh();
}

/** Gives a member other roles. */
export async function giveRoles(_state: FormState, data: FormData): Promise<FormState> {
  const person = await requirePerson();
  return answer({}, async () => {
    requireRole(person, 'settings.team');
    const input = { userId: text(data, 'member'), roles: rolesIn(data) };
    await changeRoles(databases(), person, input, Date.now());
    return { done: 'The roles hold from the next page on.' };
  });
}

/** Ends a membership, at once. */
export async function removeMember(_state: FormState, data: FormData): Promise<FormState> {
  const person = await requirePerson();
  return answer({}, async () => {
    requireRole(person, 'settings.team');
    await endMembership(databases(), person, text(data, 'member'), Date.now());
    return {};
  });
}

const limitChange = z.strictObject({
  role: z.string(),
  act: z.string(),
  figure: z.string(),
  value: z.string().nullable(),
  was: z.string().nullable(),
});

/** Changes one limit of one role. Null when it holds, else why not. */
export async function setLimit(asked: unknown): Promise<string | null> {
  const person = await requirePerson();
  const read = limitChange.safeParse(asked);
  if (!read.success) return 'This limit is not known. Load the page again.';
  try {
    await runCommand(databases(), changeLimit, {
      organizationId: person.organizationId,
      actor: actorOf(person),
      input: read.data as never,
    });
    refresh();
    return null;
  } catch (failure) {
    if (failure instanceof CommandError) return failure.message;
    throw failure;
  }
}
