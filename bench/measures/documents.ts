import assert from 'node:assert/strict';
import PDFDocument from 'pdfkit';
import type { DescribedLine, DocumentDescription } from '@/lib/adapters/documents/description';
import { drawDocument } from '@/lib/adapters/documents/draw';
import { readText } from '@/lib/adapters/documents/testing/read-text';
import { formatAmount } from '@/lib/billing/money/amount-text';
import { figureOf, type Measure } from '../measure.ts';

const DOCUMENTS = 50;
const LINES = 12;
const REPEATS = 5;

/** Core time of drawing invoices of twelve worked lines as PDFs, on one core, beside empty pages of the same library. */
export const documents: Measure = {
  name: 'documents',
  async run() {
    const last = await drawAll(0);
    assert.ok(readText(last).flat().includes('Customer 49'));
    const drawn: number[] = [];
    const empty: number[] = [];
    for (let repeat = 1; repeat <= REPEATS; repeat++) {
      drawn.push(await coreMilliseconds(() => drawAll(repeat)));
      empty.push(await coreMilliseconds(drawEmpty));
    }
    return [
      figureOf(
        'core time of one invoice of 12 lines as PDF',
        'ms',
        'one empty page of the library',
        drawn,
        empty,
      ),
    ];
  },
};

/** What one document takes of a core. */
async function coreMilliseconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / DOCUMENTS;
}

async function drawAll(seed: number): Promise<Buffer> {
  let file = Buffer.alloc(0);
  for (let n = 0; n < DOCUMENTS; n++) file = Buffer.from(await drawDocument(described(n, seed)));
  return file;
}

async function drawEmpty(): Promise<void> {
  for (let n = 0; n < DOCUMENTS; n++) {
    const pdf = new PDFDocument({ size: 'A4', font: '' });
    const ended = new Promise((resolve) => pdf.once('end', resolve));
    pdf.resume();
    pdf.end();
    await ended;
  }
}

function described(n: number, seed: number): DocumentDescription {
  const amount = (part: number) => formatAmount(BigInt(n * 1_009 + part * 37 + seed), 'EUR');
  const lines = Array.from({ length: LINES }, (_, at): DescribedLine => {
    const included = 'The first 3,000 are included.';
    return {
      what: `Calls of region ${at}`,
      details: ['1 to 30 September 2026', `${included} The other ${n + at} cost €0.02 each.`],
      working:
        at % 3 === 0
          ? [
              { what: 'Included', quantity: '3,000', how: 'free', amount: amount(0) },
              { what: 'Above 3,000', quantity: `${n + at}`, how: 'at €0.02 each', amount: amount(at) },
            ]
          : [],
      quantity: `${3_000 + n + at}`,
      amount: amount(at),
    };
  });
  return {
    kind: 'Invoice',
    number: `FL-001-${n}`,
    issuedAt: Date.parse('2026-10-01T00:00:00Z'),
    seller: { role: 'From', name: 'Fathomline Lda', lines: ['Rua das Gaivotas 14', '1200 Lisboa'] },
    buyer: { role: 'For', name: `Customer ${n}`, lines: [`${n} Couch Street`, 'Portland'] },
    headline: { label: 'Amount due, euros', amount: amount(99) },
    facts: [{ label: 'Issued', value: 'Thu 1 Oct 2026' }],
    columns: { what: 'What', quantity: 'How many', amount: 'EUR' },
    lines,
    empty: 'Nothing was due',
    totals: [{ label: 'Amount due', amount: amount(99), weight: 'final' }],
    notes: [],
    smallPrint: 'Days are counted in Lisbon time, amounts in euros.',
  };
}
