import { describe, expect, it } from 'vitest';
import { addressCheck } from './addresses.ts';

describe('addresses a webhook may dial', () => {
  const mayDial = addressCheck();
  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    'not an address',
  ])('refuses %s', (address) => {
    expect(mayDial(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '1.1.1.1', '2606:4700::1111', '2a00:1450:4001::1'])(
    'lets %s through',
    (address) => {
      expect(mayDial(address)).toBe(true);
    },
  );

  it('lets named networks through, and only those', () => {
    const named = addressCheck('127.0.0.1, 10.2.0.0/16, fd00::/8');
    expect(['127.0.0.1', '10.2.3.4', 'fd00::1'].map(named)).toEqual([true, true, true]);
    expect(['127.0.0.2', '10.3.0.1', 'fe80::1'].map(named)).toEqual([false, false, false]);
  });

  it.each(['localhost', '10.0.0.0/33', '10.0.0.0/x', '300.1.1.1'])(
    'says what is wrong with "%s"',
    (network) => {
      expect(() => addressCheck(network)).toThrow(/is no network/);
    },
  );
});
