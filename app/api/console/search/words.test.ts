import { describe, expect, it } from 'vitest';
import { screensNamed, understand } from './words';

describe('what somebody typed', () => {
  it('is an act with a target', () => {
    const read = understand('extend trial  saltmarsh');
    expect(read.acts.map(({ act }) => act)).toEqual(['extend-trial']);
    expect(read.name).toBe('saltmarsh');
    expect(understand('give credits to pylon').name).toBe('pylon');
  });

  it.each([
    ['give saltmarsh credits', 'credits', 'saltmarsh'],
    ['20% off skerry', 'discount', 'skerry'],
    ['give discount to skerry', 'discount', 'skerry'],
    ['refund ravelin', 'refund', 'ravelin'],
    ['credit note for ravelin', 'refund', 'ravelin'],
    ['change corvid plan', 'change-plan', 'corvid'],
    ['start subscription for skerry', 'start', 'skerry'],
    ['start a subscription', 'start', ''],
  ])('%s is an act on somebody', (text, act, name) => {
    const read = understand(text);
    expect([read.acts[0]?.act, read.name]).toEqual([act, name]);
  });

  it.each([
    ['who owes money', '/customers?view=owes'],
    ['api keys', '/settings/keys'],
    ['invite', '/settings/team'],
    ['add customer', '/customers/new'],
    ['recovery codes', '/settings/account'],
  ])('%s is a place', (text, href) => {
    expect(screensNamed(text)[0]?.href).toBe(href);
    expect(screensNamed('saltmarsh')).toEqual([]);
  });

  it('is a name and an amount', () => {
    const read = understand('pylon 40');
    expect(read.name).toBe('pylon');
    expect(read.minors).toEqual([4000n, 40n]);
    expect(read.readAs).toEqual(['a name like pylon', 'an amount of 40']);
  });

  it('is an amount alone, with its cents', () => {
    expect(understand('37.42')).toMatchObject({ name: '', minors: [3742n], amountText: '37.42' });
    expect(understand('$1,516.40').minors).toEqual([151640n]);
  });

  it('is plain words: numbers inside them stay', () => {
    expect(understand('FL-1987')).toMatchObject({ name: 'FL-1987', minors: [] });
    expect(understand('lena@saltmarsh.example').name).toBe('lena@saltmarsh.example');
    expect(understand('   ')).toMatchObject({ name: '', minors: [], acts: [] });
  });
});
