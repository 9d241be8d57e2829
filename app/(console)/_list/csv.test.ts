import { describe, expect, it } from 'vitest';
import { cell, csvAnswer, decimal } from './csv';

describe('a file of a list', () => {
  it('writes cells no spreadsheet runs as a formula', () => {
    expect(cell('=HYPERLINK("x")')).toBe('"\'=HYPERLINK(""x"")"');
    expect(cell('+351 21')).toBe("'+351 21");
    expect(cell('@who')).toBe("'@who");
    expect(cell('-12.50')).toBe('-12.50');
    expect(cell('Alder, Oak')).toBe('"Alder, Oak"');
    expect(cell(null)).toBe('');
  });

  it('writes money as decimals of its currency', () => {
    expect(decimal('123450', 'USD')).toBe('1234.50');
    expect(decimal('-5', 'USD')).toBe('-0.05');
    expect(decimal('1200', 'JPY')).toBe('1200');
    expect(decimal('1200', 'KWD')).toBe('1.200');
    expect(decimal(null, 'USD')).toBeNull();
  });

  it('reads page after page until there is none', async () => {
    const pages: Record<string, { rows: string[]; next: string | null }> = {
      '': { rows: ['a', 'b'], next: '2' },
      '2': { rows: ['c'], next: null },
    };
    const answer = csvAnswer<string>({
      name: 'letters',
      columns: [
        ['letter', (row) => row],
        ['nothing', () => null],
      ],
      page: async (after) => pages[after ?? ''] ?? { rows: [], next: null },
    });
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="letters.csv"');
    expect((await answer.text()).replace('\uFEFF', '')).toBe('letter,nothing\r\na,\r\nb,\r\nc,\r\n');
  });
});
