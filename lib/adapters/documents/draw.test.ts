import { describe, expect, it } from 'vitest';
import type { DescribedLine, DocumentDescription } from './description.ts';
import { drawDocument } from './draw.ts';
import { readText } from './testing/read-text.ts';
import { plain, wrap } from './text.ts';

const line = (what: string, amount: string, more: Partial<DescribedLine> = {}): DescribedLine => ({
  what,
  details: [],
  working: [],
  amount,
  ...more,
});

const INVOICE: DocumentDescription = {
  kind: 'Invoice',
  number: 'FL-001-987',
  issuedAt: Date.parse('2026-10-01T00:04:00Z'),
  seller: { role: 'From', name: 'Fathomline Lda', lines: ['Rua das Gaivotas 14', '1200 Lisboa', 'Portugal'] },
  buyer: { role: 'For', name: 'Pylon Podcasts', lines: ['88 NW Couch Street'] },
  headline: { label: 'Amount due, US dollars', amount: '$1,316.60' },
  when: { label: 'Due', value: 'Thursday 15 October 2026' },
  facts: [{ label: 'Issued', value: 'Thu 1 Oct 2026' }],
  columns: { what: 'What', quantity: 'How many', amount: 'USD' },
  empty: 'Nothing was due',
  lines: [
    line('Minutes', '$225.20', {
      quantity: '14,260',
      details: ['1 to 30 September 2026'],
      working: [
        { what: 'Included', quantity: '3,000', how: 'free', amount: '$0.00' },
        { what: 'Above 3,000', quantity: '11,260', how: 'at $20.00 per 1,000', amount: '$225.20' },
      ],
    }),
    line('10% off', '−$14.00'),
  ],
  totals: [{ label: 'Amount due', amount: '$1,316.60', weight: 'final' }],
  notes: [],
  slip: { title: 'With your payment', fields: [{ label: 'Reference', value: 'FL-001-987' }] },
  smallPrint: 'Days are counted in Portland time.',
};

const pagesOf = async (document: DocumentDescription) => readText(await drawDocument(document));

describe('a drawn document', () => {
  it('says what was described, and nothing was lost on the way to paper', async () => {
    const [page = [], ...more] = await pagesOf(INVOICE);
    expect(more).toEqual([]);
    for (const words of [
      'FL-001-987',
      'Fathomline Lda',
      'Pylon Podcasts',
      '$1,316.60',
      'Thursday 15 October 2026',
      '14,260',
      'at $20.00 per 1,000',
      '$225.20',
      '−$14.00',
      'With your payment',
      '1 of 1',
    ]) {
      expect(page, words).toContain(words);
    }
  });

  it('has the same bytes each time, its own date and a title', async () => {
    const first = await drawDocument(INVOICE);
    const greek = { ...INVOICE, lines: [line('ε', '$1.00')] };
    const before = await drawDocument(greek);
    // A letter with an accent is made of two parts, which must not lose their names by it.
    await drawDocument({ ...INVOICE, lines: [line('Ωμέγα', '$1.00')] });
    expect((await drawDocument(INVOICE)).equals(first)).toBe(true);
    expect((await drawDocument(greek)).equals(before)).toBe(true);
    const text = first.toString('latin1');
    expect(text).toContain('(D:20261001000400Z)');
    expect(text).toContain('(Invoice FL-001-987)');
    expect(text.startsWith('%PDF-1.7')).toBe(true);
    expect(first.length).toBeLessThan(60_000);
  });

  it('writes names of Poland, Greece and Ukraine so that they can be copied', async () => {
    const names = ['Łódzka Spółka „Żółć”', 'Εταιρεία Ώρα ΑΕ', 'ТОВ «Їжак»', 'Đặng & Søn'];
    const page = (await pagesOf({ ...INVOICE, lines: names.map((name) => line(name, 'BHD 1.250')) })).flat();
    for (const name of names) expect(page).toContain(name.normalize('NFC'));
    expect(page.filter((piece) => piece === 'BHD 1.250')).toHaveLength(names.length);
  });

  it('spells out what its fonts do not have, and says so', async () => {
    const buyer = { role: 'For', name: '東京 Films', lines: ['שדרות 7', 'Caffè 🎬'] };
    const page = (await pagesOf({ ...INVOICE, buyer })).flat();
    expect(page).toContain('[6771 4EAC] Films');
    expect(page).toContain('[05E9 05D3 05E8 05D5 05EA] 7');
    expect(page).toContain('Caffè [1F3AC]');
    expect(page.join(' ')).toContain('stand as their Unicode numbers');
    expect((await pagesOf(INVOICE)).flat().join(' ')).not.toContain('Unicode');
  });

  it('goes on over pages with the head of its table, and never leaves the sum alone', async () => {
    for (const count of [9, 10, 11, 12, 13, 14, 60]) {
      const lines = Array.from({ length: count }, (_, at) =>
        line(`Line ${at + 1}`, `$${at + 1}.00`, { details: ['1 to 30 September 2026'] }),
      );
      const pages = await pagesOf({ ...INVOICE, lines });
      const all = pages.flat();
      expect(all.filter((piece) => /^Line \d+$/.test(piece))).toEqual(lines.map(({ what }) => what));
      const last = pages.at(-1) ?? [];
      expect(last).toContain(`Line ${count}`);
      expect(last).toContain('Amount due');
      pages.forEach((page, at) => {
        expect(page).toContain(`${at + 1} of ${pages.length}`);
        expect(page).toContain('How many');
        expect(page).toContain('FL-001-987');
      });
    }
  });

  it('says of a cancelled one that it is, and asks for no payment', async () => {
    const cancelled = { words: { label: 'Cancelled', value: 'Friday 2 October 2026' } };
    const page = readText(await drawDocument(INVOICE, cancelled)).flat();
    expect(page).toContain('Cancelled');
    expect(page).not.toContain('With your payment');
    expect(page).not.toContain('Due');
  });

  it('finds room for whatever people write', async () => {
    const endless = 'Ab'.repeat(32_000);
    const words = 'every line of this note is read to its end '.repeat(400);
    const pages = await pagesOf({
      ...INVOICE,
      seller: { ...INVOICE.seller, name: endless, lines: [endless, words] },
      buyer: { ...INVOICE.buyer, name: words },
      lines: [line(endless, '$1.00', { details: [words], quantity: '1.123456789012345678901' })],
      notes: [words],
      smallPrint: words,
    });
    expect(pages.length).toBeLessThan(5);
  });
});

describe('text on paper', () => {
  it('holds nothing that cannot be seen or turns text around', () => {
    expect(plain('a\u202eb\u0000c\u200bd\n\te  f')).toBe('abcd e f');
    expect(plain('x'.repeat(500), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(plain('зв\u02bcязок')).toBe('зв’язок');
  });

  it('breaks between words, and inside one that is too long', () => {
    expect(wrap('one two three', 7, (text) => text.length)).toEqual(['one two', 'three']);
    expect(wrap('costs 31 × 27 ÷ 31', 14, (text) => text.length)).toEqual(['costs', '31 × 27 ÷ 31']);
    expect(wrap('unbreakable', 4, (text) => text.length)).toEqual(['unbr', 'eaka', 'ble']);
    expect(wrap('', 4, (text) => text.length)).toEqual(['']);
  });
});
