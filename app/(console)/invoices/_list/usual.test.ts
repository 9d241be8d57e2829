import { describe, expect, it } from 'vitest';
import { usualWords } from './usual';

const said = (totalMinor: string, usualMinor: string | null) => usualWords({ totalMinor, usualMinor });

describe('a draft against its usual', () => {
  it('is odd at twice and at half', () => {
    expect(said('390210', '97552')).toEqual({ words: '4 times its usual', odd: true });
    expect(said('5000', '10000')).toEqual({ words: '50% less than usual', odd: true });
    expect(said('0', '14000')).toEqual({ words: 'nothing, for once', odd: true });
    expect(said('100', '0')).toEqual({ words: 'usually nothing', odd: true });
  });

  it('is calm in between, and on a first bill', () => {
    expect(said('14000', '14000')).toEqual({ words: 'as usual', odd: false });
    expect(said('13580', '14000')).toEqual({ words: '3% less', odd: false });
    expect(said('14420', '14000')).toEqual({ words: '3% more', odd: false });
    expect(said('14000', null)).toEqual({ words: 'the first bill', odd: false });
  });
});
