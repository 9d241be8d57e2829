import { describe, expect, it } from 'vitest';
import { evaluateExpression, parseExpression } from './expression.ts';

const event = {
  code: 'x',
  timestamp: '1709596800',
  properties: { value: 10.4, units: 2, text: '2.4', word: 'ab' },
};
const work = (source: string) => {
  const node = parseExpression(source);
  return node && evaluateExpression(node, event);
};

describe('expressions', () => {
  it('does arithmetic with the usual precedence, exactly', () => {
    expect(work('1 + 2 * 3')).toBe('7');
    expect(work('(1 + 2) * -3')).toBe('-9');
    expect(work('event.properties.value * event.properties.units')).toBe('20.8');
    expect(work('0.1 + 0.2')).toBe('0.3');
  });

  it('knows its functions', () => {
    expect(work('round(event.properties.value * event.properties.units)')).toBe('21');
    expect(work('round(event.properties.text)')).toBe('2');
    expect(work('ceil(14.2356, 2)')).toBe('14.24');
    expect(work('floor(1234, -2)')).toBe('1200');
    expect(work("concat(event.properties.word, '-', event.code)")).toBe('ab-x');
    expect(work('min(3, 1, 2) + max(1, 5) + abs(-1)')).toBe('7');
  });

  it('has no value when the event lacks what it needs or it divides by zero', () => {
    expect(work('event.properties.absent + 1')).toBeNull();
    expect(work('event.properties.word * 2')).toBeNull();
    expect(work('1 / 0')).toBeNull();
  });

  it('refuses what is not an expression', () => {
    for (const source of [
      '',
      'invalid_expression',
      'event.other',
      'round(',
      '1 +',
      'process.exit(1)',
      'round(1,2,3)',
      '(((',
      '1 2',
      'event.properties.a.b',
      `${'('.repeat(200)}1${')'.repeat(200)}`,
    ]) {
      expect(parseExpression(source), source).toBeNull();
    }
  });
});
