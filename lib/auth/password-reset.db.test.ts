import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { throttles } from '@/db/schema';
import { withSystem } from '@/db/tenancy';
import type { Mail, MailTransport } from '@/lib/adapters/mail/mail';
import { isResetUsable, RESET_MS, requestPasswordReset, resetPassword } from './password-reset.ts';
import type { Person } from './person.ts';
import { verifySession } from './sessions.ts';
import { signInWithPassword } from './sign-in.ts';
import { NOW, openWorld, PASSWORD, type World } from './testing/world.ts';

const NEW_PASSWORD = 'four brass telescopes';
let world: World;
let ines: Person;
let sent: Mail[];
let failures: unknown[];

/** A mailbox that keeps what it is given. */
const mailbox: MailTransport = {
  configured: true,
  send: async (mail) => {
    sent.push(mail);
    return 'sent';
  },
  close: () => {},
};

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
let number = 0;
beforeEach(async () => {
  await withSystem(world.databases, (tx) => tx.delete(throttles));
  sent = [];
  failures = [];
  number += 1;
  const organization = await world.organization(`Fathomline ${number}`);
  ines = await world.member(organization, `ines${number}@fathomline.example`);
});

const ask = (email = ines.email, mail = mailbox) =>
  requestPasswordReset(
    world.databases,
    { email, origin: 'https://billing.example' },
    world.visitor(),
    mail,
    NOW,
    (error) => failures.push(error),
  );
const mailedToken = async () => {
  await ask();
  return sent.at(-1)?.link?.split('/reset/')[1] ?? '';
};
const choose = (token: string, password = NEW_PASSWORD, now = NOW) =>
  resetPassword(world.databases, { token, password }, now);

describe('a forgotten password', () => {
  it('is replaced through the mailed link, which ends every session', async () => {
    const token = await mailedToken();
    expect(sent[0]).toMatchObject({ to: ines.email, link: `https://billing.example/reset/${token}` });
    expect(await choose(token)).toBe(true);
    expect(await withSystem(world.databases, (tx) => verifySession(tx, ines.sessionId, NOW))).toBeNull();
    const enter = (password: string) =>
      signInWithPassword(world.databases, { email: ines.email, password }, world.visitor(), NOW);
    expect((await enter(NEW_PASSWORD)).kind).toBe('signed_in');
    expect((await enter(PASSWORD)).kind).toBe('refused');
  });

  it('has links that work once, also when pressed twice together, and one closes the others', async () => {
    const [first, second] = [await mailedToken(), await mailedToken()];
    const results = await Promise.all([choose(first), choose(first)]);
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await choose(second)).toBe(false);
  });

  it('has links that end after an hour', async () => {
    const token = await mailedToken();
    const usable = (now: number) => withSystem(world.databases, (tx) => isResetUsable(tx, token, now));
    expect(await usable(NOW + RESET_MS - 1)).toBe(true);
    expect(await usable(NOW + RESET_MS)).toBe(false);
    expect(await choose(token, NEW_PASSWORD, NOW + RESET_MS)).toBe(false);
  });

  it('keeps the link open when the new password is not taken', async () => {
    const token = await mailedToken();
    await expect(choose(token, 'short')).rejects.toThrow(/at least 8/);
    expect(await choose(token)).toBe(true);
  });

  it('answers an unknown address as a known one, and mails nobody', async () => {
    expect(await ask('nobody@fathomline.example')).toEqual(await ask());
    expect(sent.map((mail) => mail.to)).toEqual([ines.email]);
  });

  it('does not fill a mailbox', async () => {
    for (let round = 0; round < 3; round++) expect((await ask()).kind).toBe('taken');
    expect((await ask()).kind).toBe('stopped');
    expect(sent).toHaveLength(3);
  });

  it('answers also while the mail server is away, and says so to the log', async () => {
    const away: MailTransport = { ...mailbox, send: () => Promise.reject(new Error('connection refused')) };
    expect(await ask(ines.email, away)).toEqual({ kind: 'taken' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(failures).toHaveLength(1);
  });
});
