import { exponentOf } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import type { Page } from '@/lib/queries/console/cursor';

/** More rows than this belong into a query of one's own; the file says that it was cut. */
const MOST_ROWS = 50_000;

/** A cell as spreadsheets read it. Text that one would take for a formula begins with an apostrophe. */
export function cell(value: string | null): string {
  if (value === null) return '';
  const safe = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const line = (cells: readonly (string | null)[]) => `${cells.map(cell).join(',')}\r\n`;

/** Minor units as a plain decimal in the currency's own decimals: "1234.50". */
export function decimal(minor: string | null, currency: string | null): string | null {
  if (minor === null || currency === null) return null;
  const digits = exponentOf(currency);
  const text = Exact.of(BigInt(minor)).pow10(-digits).toDecimalString(digits);
  const [whole = '0', fraction = ''] = text.split('.');
  return digits === 0 ? whole : `${whole}.${fraction.padEnd(digits, '0')}`;
}

/** An instant with its offset, or nothing. */
export const isoInstant = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString();

interface Sheet<T> {
  /** File name without its ending. */
  name: string;
  columns: readonly [title: string, read: (row: T) => string | null][];
  /** One page after a cursor; each is read in a transaction of its own. */
  page(after: string | undefined): Promise<Page<T>>;
}

/** A list as a file, page by page as it is read, so that a long one needs no memory and begins at once. */
export function csvAnswer<T>({ name, columns, page }: Sheet<T>): Response {
  const encoder = new TextEncoder();
  let after: string | undefined;
  let rows = 0;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // The mark lets spreadsheets read names with accents.
      controller.enqueue(encoder.encode(`\uFEFF${line(columns.map(([title]) => title))}`));
    },
    async pull(controller) {
      const found = await page(after);
      rows += found.rows.length;
      const text = found.rows.map((row) => line(columns.map(([, read]) => read(row)))).join('');
      if (text) controller.enqueue(encoder.encode(text));
      if (found.next !== null && rows >= MOST_ROWS) {
        controller.enqueue(
          encoder.encode(line([`Cut after ${rows} rows. Narrow the list and export again.`])),
        );
      }
      if (found.next === null || rows >= MOST_ROWS) controller.close();
      else after = found.next;
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.csv"`,
      'cache-control': 'no-store',
    },
  });
}
