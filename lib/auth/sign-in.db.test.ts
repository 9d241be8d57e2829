import { hash } from '@node-rs/argon2';
import { eq } from 'drizzle-orm';
import { generateSync } from 'otplib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recoveryCodes, throttles, users } from '@/db/schema';
import { withSystem } from '@/db/tenancy';
import { readAccount, renewRecoveryCodes, turnOffSecondFactor } from './account.ts';
import { setPassword } from './password-reset.ts';
import type { Person } from './person.ts';
import { signInWithCode, signInWithPassword, signInWithVerifiedEmail } from './sign-in.ts';
import { NOW, openWorld, PASSWORD, type World } from './testing/world.ts';
import { confirmEnrolment, startEnrolment } from './totp.ts';
import { createUser } from './users.ts';

const MINUTE = 60_000;
let world: World;
let ines: Person;

beforeAll(async () => {
  world = await openWorld();
  ines = await world.member(await world.organization('Fathomline'), 'ines@fathomline.example');
});
afterAll(() => world.close());
beforeEach(async () => {
  await withSystem(world.databases, (tx) => tx.delete(throttles));
  world.waits.length = 0;
});

const tryPassword = (password: string, options: { email?: string; address?: string; now?: number } = {}) =>
  signInWithPassword(
    world.databases,
    { email: options.email ?? ines.email, password },
    world.visitor(options.address),
    options.now ?? NOW,
  );

describe('e-mail and password', () => {
  it('begins a session, however the address is written', async () => {
    expect(await tryPassword(PASSWORD)).toMatchObject({ kind: 'signed_in', userId: ines.userId });
    expect(await tryPassword(PASSWORD, { email: ' Ines@Fathomline.EXAMPLE ' })).toMatchObject({
      kind: 'signed_in',
    });
  });

  it('answers an unknown address as it answers a wrong password', async () => {
    expect(await tryPassword('wrong words here')).toEqual({ kind: 'refused' });
    expect(await tryPassword('wrong words here', { email: 'nobody@fathomline.example' })).toEqual({
      kind: 'refused',
    });
  });

  it('takes comparable time for both', async () => {
    const quickest = { known: Number.POSITIVE_INFINITY, unknown: Number.POSITIVE_INFINITY };
    for (let round = 0; round < 5; round++) {
      for (const [kind, email] of [
        ['known', ines.email],
        ['unknown', `nobody${round}@fathomline.example`],
      ] as const) {
        const begun = performance.now();
        await tryPassword('wrong words', { email, address: `${kind} ${round}` });
        quickest[kind] = Math.min(quickest[kind], performance.now() - begun);
      }
    }
    expect(quickest.unknown).toBeGreaterThan(quickest.known / 3);
  });

  it('makes an old hash anew at the next sign-in', async () => {
    const old = await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    const write = (passwordHash: string) =>
      withSystem(world.databases, (tx) =>
        tx.update(users).set({ passwordHash }).where(eq(users.id, ines.userId)),
      );
    await write(old);
    expect((await tryPassword(PASSWORD)).kind).toBe('signed_in');
    const [user] = await withSystem(world.databases, (tx) =>
      tx.select().from(users).where(eq(users.id, ines.userId)),
    );
    expect(user?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await tryPassword(PASSWORD)).kind).toBe('signed_in');
  });

  it('is never enough for somebody without a membership', async () => {
    await withSystem(world.databases, (tx) =>
      createUser(tx, { email: 'alone@example.com', name: 'Alone', password: PASSWORD }, NOW),
    );
    expect(await tryPassword(PASSWORD, { email: 'alone@example.com' })).toEqual({ kind: 'no_membership' });
  });
});

describe('throttling', () => {
  it('closes the door for who guesses, and leaves it open for the owner elsewhere', async () => {
    for (let round = 0; round < 8; round++)
      await tryPassword(`guess number ${round}`, { address: '198.51.100.7' });
    const stopped = { kind: 'stopped', until: NOW + 15 * MINUTE };
    expect(await tryPassword(PASSWORD, { address: '198.51.100.7' })).toEqual(stopped);
    expect((await tryPassword(PASSWORD, { address: '192.0.2.9' })).kind).toBe('signed_in');
    expect((await tryPassword(PASSWORD, { address: '198.51.100.7', now: NOW + 16 * MINUTE })).kind).toBe(
      'signed_in',
    );
  });

  it('slows repeated tries down before it stops them', async () => {
    for (let round = 0; round < 6; round++) await tryPassword('guess again', { address: '198.51.100.8' });
    expect(world.waits).toEqual([250, 500, 1_000]);
  });

  it('slows one account down whose tries come from everywhere, without ever closing it', async () => {
    for (let round = 0; round < 25; round++) {
      await tryPassword('', { address: `203.0.113.${round}` });
    }
    expect(world.waits.length).toBe(5);
    expect((await tryPassword(PASSWORD, { address: '192.0.2.10' })).kind).toBe('signed_in');
    expect(Math.max(...world.waits)).toBeLessThanOrEqual(4_000);
  });

  it('forgets a few mistypings after the right password', async () => {
    for (let round = 0; round < 3; round++) await tryPassword('mistyped');
    expect((await tryPassword(PASSWORD)).kind).toBe('signed_in');
    world.waits.length = 0;
    await tryPassword('mistyped');
    expect(world.waits).toEqual([]);
  });
});

describe('the second factor', () => {
  let secret: string;
  const codeAt = (now: number) => generateSync({ secret, epoch: Math.floor(now / 1000) });

  beforeAll(async () => {
    secret = await withSystem(world.databases, async (tx) => {
      const enrolment = await startEnrolment(tx, ines.userId);
      if (!enrolment) throw new Error('not begun');
      expect(enrolment.uri).toContain('otpauth://totp/');
      const first = generateSync({ secret: enrolment.secret, epoch: Math.floor(NOW / 1000) });
      expect(await confirmEnrolment(tx, ines.userId, '000000', NOW)).toBe(first === '000000');
      expect(await confirmEnrolment(tx, ines.userId, first, NOW)).toBe(true);
      expect(await startEnrolment(tx, ines.userId)).toBeNull();
      return enrolment.secret;
    });
  });

  const challengeAt = async (now: number) => {
    const result = await tryPassword(PASSWORD, { now });
    if (result.kind !== 'code_needed') throw new Error(`expected to be asked for a code, got ${result.kind}`);
    return result.challenge;
  };
  const tryCode = (challenge: string, code: string, now: number, address?: string) =>
    signInWithCode(world.databases, { challenge, code }, world.visitor(address), now);

  it('keeps no secret readable', async () => {
    const [user] = await withSystem(world.databases, (tx) =>
      tx.select().from(users).where(eq(users.id, ines.userId)),
    );
    expect(user?.totpSecret).toMatch(/^v1\./);
    expect(user?.totpSecret).not.toContain(secret);
  });

  it('takes a code once, and none that is older', async () => {
    const now = NOW + 10 * MINUTE;
    const challenge = await challengeAt(now);
    expect((await tryCode(challenge, codeAt(now), now)).kind).toBe('signed_in');
    expect(await tryCode(challenge, codeAt(now), now)).toEqual({ kind: 'refused' });
    expect(await tryCode(challenge, codeAt(now - 30_000), now)).toEqual({ kind: 'refused' });
    expect((await tryCode(challenge, codeAt(now + 30_000), now + 30_000)).kind).toBe('signed_in');
  });

  it('takes a code once also when two requests bring it together', async () => {
    const now = NOW + 20 * MINUTE;
    const challenge = await challengeAt(now);
    const results = await Promise.all([1, 2, 3].map(() => tryCode(challenge, codeAt(now), now)));
    expect(results.filter((result) => result.kind === 'signed_in')).toHaveLength(1);
  });

  it('stops guessing at codes', async () => {
    const now = NOW + 30 * MINUTE;
    const challenge = await challengeAt(now);
    const wrong = codeAt(now - 10 * MINUTE);
    for (let round = 0; round < 5; round++) await tryCode(challenge, wrong, now);
    expect((await tryCode(challenge, codeAt(now), now)).kind).toBe('stopped');
  });

  it('refuses a challenge that is over, forged, or older than the password', async () => {
    const now = NOW + 60 * MINUTE;
    const challenge = await challengeAt(now);
    const later = now + 6 * MINUTE;
    expect(await tryCode(challenge, codeAt(later), later)).toEqual({ kind: 'over' });
    expect(await tryCode(challenge.replace('v1.', 'v1.AAAA'), codeAt(now), now)).toEqual({ kind: 'over' });
    await withSystem(world.databases, (tx) => setPassword(tx, ines.userId, 'another good sentence', now));
    expect(await tryCode(challenge, codeAt(now), now)).toEqual({ kind: 'over' });
  });
});

describe('company sign-in', () => {
  it('lets in members by their verified address, and nobody else', async () => {
    const kofi = await world.member(ines.organizationId, 'kofi@fathomline.example');
    const enter = (email: string) =>
      withSystem(world.databases, (tx) => signInWithVerifiedEmail(tx, email, world.visitor(), NOW));
    expect(await enter('Kofi@fathomline.example')).toMatchObject({ kind: 'signed_in', userId: kofi.userId });
    expect(await enter('stranger@example.com')).toEqual({ kind: 'no_membership' });
  });
});

describe('recovery codes', () => {
  it('let somebody in once each, in place of the phone, until new ones are made', async () => {
    const { databases } = world;
    const organizationId = await world.organization('Lost Phones');
    const person = await world.member(organizationId, 'ada@lost-phones.example');
    const given = { current: PASSWORD };
    const renew = () => renewRecoveryCodes(databases, person, given, world.visitor(), NOW);
    await expect(renew()).rejects.toThrow('Turn the second factor on first.');
    const enrolment = await withSystem(databases, (tx) => startEnrolment(tx, person.userId));
    const code = generateSync({ secret: enrolment?.secret ?? '', epoch: Math.floor(NOW / 1000) });
    await withSystem(databases, (tx) => confirmEnrolment(tx, person.userId, code, NOW));
    await expect(
      renewRecoveryCodes(databases, person, { current: 'wrong words' }, world.visitor(), NOW),
    ).rejects.toThrow('not your present password');

    const codes = await renew();
    expect(new Set(codes).size).toBe(10);
    const left = async () => (await readAccount(databases, person.userId)).recovery;
    expect(await left()).toEqual({ made: 10, left: 10 });
    const kept = await withSystem(databases, (tx) => tx.select().from(recoveryCodes));
    expect(JSON.stringify(kept)).not.toContain(codes[0]);

    const enter = async (typed: string) => {
      const first = await tryPassword(PASSWORD, { email: person.email });
      if (first.kind !== 'code_needed') throw new Error(first.kind);
      const { challenge } = first;
      return (await signInWithCode(databases, { challenge, code: typed }, world.visitor(), NOW)).kind;
    };
    expect(await enter(` ${codes[0]?.toUpperCase().replace('-', ' ')}`)).toBe('signed_in');
    expect(await enter(codes[0] ?? '')).toBe('refused');
    expect(await enter('aaaaa-aaaaa')).toBe('refused');
    expect(await left()).toEqual({ made: 10, left: 9 });

    const fresh = await renew();
    expect(await enter(codes[1] ?? '')).toBe('refused');
    const both = await Promise.all([enter(fresh[1] ?? ''), enter(fresh[1] ?? '')]);
    expect(both.toSorted()).toEqual(['refused', 'signed_in']);
    await turnOffSecondFactor(databases, person, given, world.visitor(), NOW);
    expect(await left()).toEqual({ made: 0, left: 0 });
  });
});
