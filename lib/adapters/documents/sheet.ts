import PDFDocument from 'pdfkit';
import { documentFont, FONT_NAMES, isDrawable } from './fonts.ts';
import { BOTTOM, LEFT, PAGE, RIGHT, RULES, type Style, TOP } from './style.ts';
import { plain, spelled, wrap } from './text.ts';

/** What is set in one go: never cut by the end of a page. */
export interface Row {
  height: number;
  /** `top` is the row's upper edge. */
  draw(top: number): void;
}

export interface SheetInfo {
  title: string;
  author: string;
  /** Epoch milliseconds. */
  issuedAt: number;
}

/** Pages being filled from the top down. Everything is placed by baselines and edges, in points. */
export class Sheet {
  readonly pdf: PDFKit.PDFDocument;
  /** Where the next row begins. */
  y = TOP;
  /** Draws the top of every page but the first and sets `y` below it. */
  onContinue: () => void = () => undefined;
  /** Where rows begin on a page that has none yet. */
  private freshTop = TOP;
  /** Something stands in numbers because the fonts do not have its signs. */
  spellsOut = false;
  private readonly chunks: Buffer[] = [];

  constructor({ title, author, issuedAt }: SheetInfo) {
    this.pdf = new PDFDocument({
      size: 'A4',
      margin: 0,
      bufferPages: true,
      autoFirstPage: false,
      displayTitle: true,
      lang: 'en',
      pdfVersion: '1.7',
      // No font of the library's own: they know Latin-1 only.
      font: '',
      info: {
        Title: title,
        Author: author,
        Producer: 'Counterfoil',
        Creator: 'Counterfoil',
        CreationDate: new Date(issuedAt),
      },
    });
    // The library takes an opened font too; its types know files and buffers only.
    for (const name of FONT_NAMES) this.pdf.registerFont(name, documentFont(name) as unknown as Buffer);
    this.pdf.on('data', (chunk: Buffer) => this.chunks.push(chunk));
    this.pdf.addPage();
  }

  private choose({ font, size, color, tracking = 0, tabular }: Style): PDFKit.Mixins.TextOptions {
    this.pdf.font(font).fontSize(size).fillColor(color);
    return {
      lineBreak: false,
      baseline: 'alphabetic',
      characterSpacing: tracking * size,
      ...(tabular ? { features: ['tnum'] } : {}),
    };
  }

  widthOf(text: string, style: Style): number {
    const options = this.choose(style);
    return this.pdf.widthOfString(text, options);
  }

  /** One line from `x` on, or ending there. Returns its width. */
  put(given: string, x: number, baseline: number, style: Style, align: 'left' | 'right' = 'left'): number {
    const text = this.written(plain(given));
    if (text === '') return 0;
    const width = this.widthOf(text, style);
    const options = this.choose(style);
    this.pdf.text(text, align === 'right' ? x - width : x, baseline, options);
    return width;
  }

  private written(text: string): string {
    const said = spelled(text, isDrawable);
    if (said !== text) this.spellsOut = true;
    return said;
  }

  /** The text in lines that fit, the last one shortened where there are more than `most`. */
  fit(given: string, width: number, style: Style, most = 40): string[] {
    const lines = wrap(this.written(plain(given, 2_000)), width, (text) => this.widthOf(text, style));
    if (lines.length <= most) return lines;
    const last = lines[most - 1] ?? '';
    return [...lines.slice(0, most - 1), `${last.slice(0, -1).trimEnd()}…`];
  }

  rule(y: number, color: string, from = LEFT, to = RIGHT, thickness = 0.75): void {
    this.pdf.moveTo(from, y).lineTo(to, y).lineWidth(thickness).strokeColor(color).stroke();
  }

  /** Where paper tears: dots from edge to edge. */
  perforation(y: number): void {
    this.pdf
      .save()
      .lineCap('round')
      .lineWidth(1.7)
      .dash(0.01, { space: 6 })
      .moveTo(2, y)
      .lineTo(PAGE.width, y)
      .strokeColor(RULES.dots)
      .stroke()
      .undash()
      .restore();
  }

  /** Rows that belong together: on this page, else on the next; cut between rows only when no page could hold them. */
  flow(rows: readonly Row[]): void {
    const height = heightOf(rows);
    const fits = height <= BOTTOM - this.freshTop;
    if (fits && this.y + height > BOTTOM && this.y > this.freshTop) this.turn();
    for (const row of rows) {
      if (this.y + row.height > BOTTOM && this.y > this.freshTop) this.turn();
      row.draw(this.y);
      this.y += row.height;
    }
  }

  /** Goes on with the next page. */
  turn(): void {
    this.pdf.addPage();
    this.y = TOP;
    this.onContinue();
    this.freshTop = this.y;
  }

  /** Draws on every page when all are there; pages count from 1. */
  onEach(draw: (page: number, pages: number) => void): void {
    const { count } = this.pdf.bufferedPageRange();
    for (let at = 0; at < count; at += 1) {
      this.pdf.switchToPage(at);
      draw(at + 1, count);
    }
  }

  /** The file. */
  async finish(): Promise<Buffer> {
    const ended = new Promise<void>((resolve, reject) => {
      this.pdf.once('end', resolve);
      this.pdf.once('error', reject);
    });
    this.pdf.end();
    await ended;
    return Buffer.concat(this.chunks);
  }
}

export const heightOf = (rows: readonly Row[]): number => rows.reduce((sum, { height }) => sum + height, 0);
