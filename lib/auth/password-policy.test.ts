import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusePassword } from './password-policy.ts';

describe('a password', () => {
  it.each([
    ['seven quiet lighthouses', null],
    ['ÄÖÜäöüß€', null],
    [`${'a'.repeat(40)}${'b'.repeat(20)}cdef`, null],
    ['short', /at least 8/],
    ['x'.repeat(257), /at most 256/],
    ['password', /lists attackers try/],
    ['Password123!', /lists attackers try/],
    ['QWERTYUIOP', /lists attackers try/],
    ['aaaaaaaaaaaa', /repeats/],
    ['abababababab', /repeats/],
    ['Ines@Fathomline.example', /your own address/],
    ['inescalder', /your own address/],
  ])('%s', (password, refusal) => {
    const said = refusePassword(password, [
      'inescalder@fathomline.example',
      'ines@fathomline.example',
      'Ines Calder',
    ]);
    if (refusal === null) expect(said).toBeNull();
    else expect(said).toMatch(refusal);
  });

  it('may hold any characters: nothing is demanded but length and that others would not guess it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 20, maxLength: 64, unit: 'grapheme' }), (password) => {
        fc.pre(new Set(password.normalize('NFKC').toLowerCase()).size >= 6);
        fc.pre([...password.normalize('NFKC')].length <= 256);
        expect(refusePassword(password, ['ines@fathomline.example'])).toBeNull();
      }),
      { seed: 7 },
    );
  });
});
