import { describe, expect, it } from 'vitest';
import { addressOwner, clientAddress } from './address.ts';
import { makeChallenge, readChallenge } from './challenge.ts';
import { isEmail, normalizeEmail } from './emails.ts';
import { widerLimit } from './limits.ts';
import { oidcSettings, verifiedEmail } from './oidc.ts';
import { isSameOrigin, safePath } from './origin.ts';
import { ALL_RIGHTS, holds, rolesWith, whoMay } from './rights.ts';
import { seal, unseal } from './seal.ts';
import { authSecret, deriveKey, hashApiKey } from './secret.ts';

const SECRET = 'a secret that only tests know';
process.env.NEXTAUTH_SECRET = SECRET;

describe('the address of a request', () => {
  const from = (chain: string | null, proxies?: number) =>
    clientAddress(new Headers(chain ? { 'x-forwarded-for': chain } : {}), proxies);

  it('is what our own hops saw, not what the caller wrote', () => {
    expect(from('203.0.113.9', 0)).toBe('203.0.113.9');
    expect(from('10.9.9.9, 203.0.113.9', 0)).toBe('203.0.113.9');
    expect(from('10.9.9.9, 203.0.113.9, 10.0.0.1', 1)).toBe('203.0.113.9');
    expect(from('203.0.113.9', 3)).toBe('203.0.113.9');
    expect(from(null)).toBe('unknown');
  });

  it('counts for everything behind it', () => {
    expect(addressOwner('203.0.113.9')).toBe('203.0.113.9');
    expect(addressOwner('::ffff:203.0.113.9')).toBe('203.0.113.9');
    expect(addressOwner('2001:DB8:0:12::1')).toBe('2001:db8:0:12::/64');
    expect(addressOwner('2001:db8:0:0012:aaaa:bbbb:cccc:dddd')).toBe('2001:db8:0:12::/64');
    expect(addressOwner('2001:db8:0:13::1')).not.toBe(addressOwner('2001:db8:0:12::1'));
    expect(addressOwner('::1')).toBe('0:0:0:0::/64');
    expect(addressOwner('unknown')).toBe('unknown');
  });
});

describe('a request that changes something', () => {
  const asked = (method: string, headers: Record<string, string>) =>
    isSameOrigin({ method, headers: new Headers({ host: 'billing.example', ...headers }) });

  it('comes from our own pages', () => {
    expect(asked('POST', { origin: 'https://billing.example' })).toBe(true);
    expect(asked('POST', { 'sec-fetch-site': 'same-origin' })).toBe(true);
    expect(asked('GET', { origin: 'https://evil.example' })).toBe(true);
    expect(asked('POST', { origin: 'https://evil.example' })).toBe(false);
    expect(asked('POST', { origin: 'null' })).toBe(false);
    expect(asked('POST', { 'sec-fetch-site': 'cross-site' })).toBe(false);
    expect(asked('DELETE', {})).toBe(false);
  });
});

describe('the way back after sign-in', () => {
  it.each([
    ['/customers?view=all', '/customers?view=all'],
    ['https://evil.example', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/\tevil', '/'],
    [null, '/'],
  ])('%s', (next, path) => expect(safePath(next)).toBe(path));
});

describe('a sealed value', () => {
  const key = deriveKey('test', SECRET);

  it('opens with the same key for the same thing only', () => {
    const sealed = seal('JBSWY3DPEHPK3PXP', key, 'ines');
    expect(unseal(sealed, key, 'ines')).toBe('JBSWY3DPEHPK3PXP');
    expect(unseal(sealed, key, 'kofi')).toBeNull();
    expect(unseal(sealed, deriveKey('other', SECRET), 'ines')).toBeNull();
    expect(unseal('v1.a.b', key, 'ines')).toBeNull();
    expect(unseal(`v1.AAAA${sealed.slice(3)}`, key, 'ines')).toBeNull();
  });

  it('carries a challenge for five minutes', () => {
    const challenge = makeChallenge('user', 'hash', 1_000);
    expect(readChallenge(challenge, 1_000 + 299_999)).toMatchObject({ userId: 'user' });
    expect(readChallenge(challenge, 1_000 + 300_000)).toBeNull();
    expect(readChallenge('nothing', 1_000)).toBeNull();
  });
});

describe('secrets', () => {
  it('are demanded, and each purpose has a key of its own', () => {
    expect(authSecret()).toBe(SECRET);
    expect(deriveKey('a')).not.toEqual(deriveKey('b'));
    expect(hashApiKey('key', 'pepper')).not.toBe(hashApiKey('key', 'salt'));
    delete process.env.NEXTAUTH_SECRET;
    expect(() => authSecret()).toThrow(/openssl/);
    process.env.NEXTAUTH_SECRET = SECRET;
  });
});

describe('rights', () => {
  it('are all held by a founder, and by the widest of several roles', () => {
    for (const right of ALL_RIGHTS) expect(holds(['founder'], right)).toBe(true);
    expect(holds(['support'], 'credits.grant')).toBe(true);
    expect(holds(['support'], 'revenue.read')).toBe(false);
    expect(holds(['support', 'growth'], 'revenue.read')).toBe(true);
    expect(holds(['growth'], 'credits.grant')).toBe(false);
    expect(holds([], 'customers.read')).toBe(false);
  });

  it('are said in words', () => {
    expect(rolesWith('settings.team')).toEqual(['founder']);
    expect(whoMay('plans.publish')).toBe('Founder or Finance');
  });
});

describe('two limits', () => {
  it('give the wider of each figure', () => {
    const one = { perAct: 10n, perCustomer30d: 5n, perPerson30d: null, maxBills: 3 };
    const two = { perAct: 20n, perCustomer30d: null, perPerson30d: 7n, maxBills: 12 };
    expect(widerLimit(one, two)).toEqual({
      perAct: 20n,
      perCustomer30d: null,
      perPerson30d: null,
      maxBills: 12,
    });
  });
});

describe('e-mail addresses', () => {
  it('are compared without case, and told from other text', () => {
    expect(normalizeEmail(' Ines@Fathomline.Example ')).toBe('ines@fathomline.example');
    expect(isEmail('ines@fathomline.example')).toBe(true);
    for (const wrong of ['ines', 'ines@', '@x.example', 'a b@x.example', 'a@x', 'a@x.example\nbcc:b']) {
      expect(isEmail(wrong)).toBe(false);
    }
  });
});

describe('company sign-in', () => {
  it('is there when it is configured', () => {
    expect(oidcSettings({ NODE_ENV: 'test' })).toBeNull();
    expect(
      oidcSettings({
        NODE_ENV: 'test',
        OIDC_ISSUER: 'https://id.example/',
        OIDC_CLIENT_ID: 'a',
        OIDC_CLIENT_SECRET: 'b',
      }),
    ).toMatchObject({ issuer: 'https://id.example', name: 'your company' });
  });

  it('believes verified addresses only', () => {
    expect(verifiedEmail({ sub: '1', email: 'a@x.example', email_verified: true })).toBe('a@x.example');
    expect(verifiedEmail({ sub: '1', email: 'a@x.example', email_verified: false })).toBeNull();
    expect(verifiedEmail({ sub: '1', email: 'a@x.example' })).toBeNull();
    expect(verifiedEmail(undefined)).toBeNull();
  });
});
