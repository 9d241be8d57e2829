import { describe, expect, it } from 'vitest';
import { isSetupToken, setupAddress, setupToken, setupTokenRequired } from './setup-token.ts';

process.env.NEXTAUTH_SECRET ??= 'a secret that only tests know';

const asks = (env: Record<string, string>) => setupTokenRequired(env as NodeJS.ProcessEnv);

describe('the setup token', () => {
  it('is asked for wherever others may reach the server', () => {
    expect(asks({})).toBe(false);
    expect(asks({ HOST: '127.0.0.1', NEXTAUTH_URL: 'http://localhost:4000' })).toBe(false);
    expect(asks({ HOST: '::1' })).toBe(false);
    expect(asks({ HOST: '0.0.0.0' })).toBe(true);
    expect(asks({ HOST: '::' })).toBe(true);
    expect(asks({ NEXTAUTH_URL: 'https://billing.example' })).toBe(true);
    expect(asks({ TRUSTED_PROXIES: '1' })).toBe(true);
    expect(asks({ HOST: '127.0.0.1.billing.example' })).toBe(true);
  });

  it('is one token, the same in every process with this secret and no other', () => {
    expect(setupToken()).toMatch(/^[\w-]{20}$/);
    expect(isSetupToken(setupToken())).toBe(true);
    expect(isSetupToken(` ${setupToken()} `)).toBe(true);
    expect(setupToken('another secret of the server')).not.toBe(setupToken());
    for (const wrong of ['', setupToken().slice(1), setupToken('another secret of the server')]) {
      expect(isSetupToken(wrong)).toBe(false);
    }
  });

  it('stands in the address only where it is asked for', () => {
    const env = { NEXTAUTH_URL: 'https://billing.example' } as unknown as NodeJS.ProcessEnv;
    expect(setupAddress(env)).toBe(`https://billing.example/welcome?token=${setupToken()}`);
    expect(setupAddress({} as NodeJS.ProcessEnv)).not.toContain('token');
  });
});
