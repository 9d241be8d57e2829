'use server';

import { refresh } from 'next/cache';
import { headers } from 'next/headers';
import pino from 'pino';
import { toString as qrCode } from 'qrcode';
import { type FormState, text } from '@/components/forms/form-state';
import { databases } from '@/db/process';
import { withSystem } from '@/db/tenancy';
import { mail } from '@/lib/adapters/mail/mail';
import { changePassword, renewRecoveryCodes, turnOffSecondFactor } from '@/lib/auth/account';
import { type Person, requirePerson } from '@/lib/auth/current';
import { Refused } from '@/lib/auth/errors';
import { accountChangedMail } from '@/lib/auth/mails';
import { revokeAllSessions, revokeSession } from '@/lib/auth/sessions';
import { confirmEnrolment, startEnrolment } from '@/lib/auth/totp';
import { visitorOf } from '@/lib/auth/visitor';

const log = pino({ name: 'account' });

/** Tells the owner that something about the account changed; the act stands whether or not the mail arrives. */
function tell({ email, name }: Person, what: string): void {
  void mail()
    .send(accountChangedMail({ to: email, name, what }))
    .catch((error: unknown) => log.error({ err: error }, 'the mail about a changed account was not sent'));
}

async function answer<State extends FormState>(work: () => Promise<State>): Promise<State | FormState> {
  try {
    const state = await work();
    refresh();
    return state;
  } catch (error) {
    if (error instanceof Refused) {
      return error.field ? { errors: { [error.field]: error.message } } : { message: error.message };
    }
    throw error;
  }
}

/** Changes one's own password. */
export async function setOwnPassword(_state: FormState, data: FormData): Promise<FormState> {
  const person = await requirePerson();
  return answer(async () => {
    const given = { current: text(data, 'current'), password: text(data, 'password') };
    const from = visitorOf(await headers());
    const ended = await changePassword(databases(), person, given, from, Date.now());
    tell(person, 'Your password was changed');
    return { done: `Your new password is set. ${sessionsEnded(ended)}` };
  });
}

const sessionsEnded = (count: number) =>
  count === 0
    ? 'You were signed in nowhere else.'
    : `You were signed out in ${count} other ${count === 1 ? 'place' : 'places'}.`;

export interface EnrolmentShown {
  /** For typing in, in groups of four. */
  secret: string;
  /** The QR code as an image address. */
  image: string;
}

/** Starts an enrolment and returns what the authenticator app needs; null when a second factor is on already. */
export async function beginEnrolment(): Promise<EnrolmentShown | null> {
  const person = await requirePerson();
  const enrolment = await withSystem(databases(), (tx) => startEnrolment(tx, person.userId));
  if (!enrolment) return null;
  const svg = await qrCode(enrolment.uri, { type: 'svg', margin: 2 });
  return {
    secret: enrolment.secret.replaceAll(/(.{4})(?=.)/g, '$1 '),
    image: `data:image/svg+xml,${encodeURIComponent(svg)}`,
  };
}

/** Ends an enrolment with the first code. */
export async function finishEnrolment(_state: FormState, data: FormData): Promise<FormState> {
  const person = await requirePerson();
  return answer(async () => {
    const confirmed = await withSystem(databases(), (tx) =>
      confirmEnrolment(tx, person.userId, text(data, 'code'), Date.now()),
    );
    if (!confirmed)
      throw new Refused('code', 'This code is not right. Check that the clock of your phone is.');
    tell(person, 'A second factor was turned on');
    return {};
  });
}

export interface RecoveryState extends FormState {
  /** Shown this once. */
  codes?: string[];
}

/** Makes new recovery codes and shows them. */
export async function newRecoveryCodes(_state: RecoveryState, data: FormData): Promise<RecoveryState> {
  const person = await requirePerson();
  return answer(async (): Promise<RecoveryState> => {
    const from = visitorOf(await headers());
    const given = { current: text(data, 'current') };
    const codes = await renewRecoveryCodes(databases(), person, given, from, Date.now());
    tell(person, 'New recovery codes were made');
    return { codes };
  });
}

/** Turns the second factor off. */
export async function endSecondFactor(_state: FormState, data: FormData): Promise<FormState> {
  const person = await requirePerson();
  return answer(async () => {
    const from = visitorOf(await headers());
    await turnOffSecondFactor(databases(), person, { current: text(data, 'current') }, from, Date.now());
    tell(person, 'The second factor was turned off');
    return {};
  });
}

/** Signs out in one other place. */
export async function endSession(data: FormData): Promise<void> {
  const person = await requirePerson();
  await withSystem(databases(), (tx) => revokeSession(tx, person.userId, text(data, 'session'), Date.now()));
  refresh();
}

/** Signs out everywhere else. */
export async function endOtherSessions(): Promise<void> {
  const person = await requirePerson();
  await withSystem(databases(), (tx) => revokeAllSessions(tx, person.userId, Date.now(), person.sessionId));
  refresh();
}
