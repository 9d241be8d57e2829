import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const env = (given: Record<string, string>) => given as NodeJS.ProcessEnv;
const DATABASE_URL = 'postgres://owner@127.0.0.1/counterfoil';

describe('settings', () => {
  it('have defaults for everything but the database', () => {
    expect(readSettings(env({ DATABASE_URL }))).toEqual({
      host: '127.0.0.1',
      port: 3000,
      ownerUrl: DATABASE_URL,
      migrates: true,
      demoApiKey: undefined,
      workers: 2,
      webhookNetworks: '',
      apiLogDays: 30,
    });
  });

  it('leave the tables to whoever prepared the roles, or asked for it', () => {
    const roles = { APP_DATABASE_URL: 'postgres://a@h/c', SYSTEM_DATABASE_URL: 'postgres://s@h/c' };
    expect(readSettings(env({ DATABASE_URL, ...roles })).migrates).toBe(false);
    expect(readSettings(env(roles)).migrates).toBe(false);
    expect(readSettings(env({ DATABASE_URL, COUNTERFOIL_SKIP_MIGRATIONS: '1' })).migrates).toBe(false);
  });

  it('say what is wrong', () => {
    expect(() => readSettings(env({}))).toThrow('DATABASE_URL is not set');
    expect(() => readSettings(env({ DATABASE_URL, PORT: 'http' }))).toThrow('PORT must be');
    expect(() => readSettings(env({ DATABASE_URL, COUNTERFOIL_WORKERS: '-1' }))).toThrow(
      'COUNTERFOIL_WORKERS',
    );
    expect(() => readSettings(env({ DATABASE_URL, COUNTERFOIL_API_LOG_DAYS: '0.5' }))).toThrow(
      'COUNTERFOIL_API_LOG_DAYS',
    );
    const named = { DATABASE_URL, COUNTERFOIL_WEBHOOK_ALLOW_PRIVATE: '10.0.0.0/8, intranet' };
    expect(() => readSettings(env(named))).toThrow('"intranet" is no network');
  });
});
