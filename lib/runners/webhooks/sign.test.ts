import { createHmac, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { newSecret } from '@/lib/schedule/webhooks/secrets';
import { signatureHeaders } from './sign.ts';

const BODY = '{"webhook_type":"customer.created","customer":{"name":"Zoë"}}';
const ID = '01980000-0000-7000-8000-000000000001';

const headersOf = (
  secrets: readonly [string, ...string[]],
  algo: 'hmac' | 'jwt',
  privateKey: string | null,
) => signatureHeaders(ID, BODY, Date.now(), { algo, secrets, privateKey, issuer: 'https://billing.example' });

describe('signatures', () => {
  it('verify with the published Standard Webhooks library, under the old and the new secret while rotating', () => {
    const [now, before, stranger] = [newSecret(), newSecret(), newSecret()];
    const headers = headersOf([now, before], 'hmac', null);
    expect(new Webhook(now).verify(BODY, headers)).toEqual(JSON.parse(BODY));
    expect(new Webhook(before).verify(BODY, headers)).toEqual(JSON.parse(BODY));
    expect(() => new Webhook(stranger).verify(BODY, headers)).toThrow();
    expect(() => new Webhook(now).verify(BODY.replace('Zoë', 'Zoe'), headers)).toThrow();
  });

  it('verify the way receivers of Lago do it with HMAC', () => {
    const secret = newSecret();
    const headers = headersOf([secret], 'hmac', null);
    const expected = createHmac('sha256', secret).update(BODY).digest('base64');
    expect(headers['X-Lago-Signature']).toBe(expected);
    expect(headers['X-Lago-Signature-Algorithm']).toBe('hmac');
    expect(headers['X-Lago-Unique-Key']).toBe(ID);
  });

  it('keep Lago’s single header on the previous secret until the rotation is over', () => {
    const [now, before] = [newSecret(), newSecret()];
    const expected = createHmac('sha256', before).update(BODY).digest('base64');
    expect(headersOf([now, before], 'hmac', null)['X-Lago-Signature']).toBe(expected);
  });

  it('verify the way receivers of Lago do it with RS256: claims are the body as text and the issuer', () => {
    const pair = generateKeyPairSync('rsa', {
      modulusLength: 2_048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const token = headersOf([newSecret()], 'jwt', pair.privateKey)['X-Lago-Signature'] ?? '';
    const [head = '', claims = '', signature = ''] = token.split('.');
    const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(decoded(head)).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(decoded(claims)).toEqual({ data: BODY, iss: 'https://billing.example' });
    const sound = verify(
      'RSA-SHA256',
      Buffer.from(`${head}.${claims}`),
      createPublicKey(pair.publicKey),
      Buffer.from(signature, 'base64url'),
    );
    expect(sound).toBe(true);
  });
});
