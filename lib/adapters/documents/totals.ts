import type { Cancelled, DescribedTotal, DocumentDescription } from './description.ts';
import type { Row, Sheet } from './sheet.ts';
import { FOOT, LEFT, PAGE, RIGHT, RULES, STYLES } from './style.ts';

const BEGINS = 300;
const NOTE_LEADING = 13.5;
const SLIP_TOP = 728;

/** From the lines to the figure that counts. */
export function totalRows(sheet: Sheet, { totals }: DocumentDescription, cancelled: Cancelled | null): Row[] {
  return totals.flatMap((total, at) => totalRow(sheet, total, at, cancelled));
}

function totalRow(sheet: Sheet, total: DescribedTotal, at: number, cancelled: Cancelled | null): Row[] {
  const { label, amount, weight } = total;
  const final = weight === 'final';
  const styles = final
    ? { label: STYLES.strong, amount: STYLES.final }
    : weight === 'sum'
      ? { label: STYLES.strong, amount: STYLES.sumFigure }
      : { label: STYLES.quiet, amount: STYLES.quietFigure };
  const room = RIGHT - BEGINS - sheet.widthOf(amount, styles.amount) - 14;
  const labels = sheet.fit(label, room, styles.label, 3);
  const above = final ? 17 : 14;
  const height = above + (labels.length - 1) * 13 + (final ? 8 : 6.5);
  return [
    {
      height,
      draw: (top) => {
        sheet.rule(top, final ? RULES.strong : at === 0 ? RULES.line : RULES.hair, BEGINS, RIGHT);
        const base = top + above;
        labels.forEach((text, line) => {
          sheet.put(text, BEGINS, base + line * 13, styles.label);
        });
        const width = sheet.put(amount, RIGHT, base, styles.amount, 'right');
        if (final && cancelled) sheet.rule(base - 4.5, STYLES.final.color, RIGHT - width, RIGHT, 1);
      },
    },
  ];
}

export function noteRows(sheet: Sheet, { notes }: DocumentDescription): Row[] {
  const paragraphs = notes.map((note) => sheet.fit(note, 400, STYLES.small));
  return paragraphs.flatMap((lines) => [
    { height: 8, draw: () => undefined },
    ...lines.map((text) => ({
      height: NOTE_LEADING,
      draw: (top: number) => void sheet.put(text, LEFT, top + 10, STYLES.small),
    })),
  ]);
}

/** How far down a page may be filled for its slip to find room beneath. */
export const SLIP_NEEDS = SLIP_TOP - 12;

/** The part that goes with the payment, under the perforation at the end of the last page. */
export function drawSlip(sheet: Sheet, slip: NonNullable<DocumentDescription['slip']>): void {
  sheet.perforation(SLIP_TOP);
  const top = SLIP_TOP + 23;
  sheet.put(slip.title, LEFT, top, STYLES.strong);
  const { fields } = slip;
  const amount = sheet.widthOf(fields.at(-1)?.value ?? '', STYLES.sumFigure);
  const starts = [LEFT, LEFT + 150, LEFT + 292];
  fields.forEach(({ label, value }, at) => {
    const last = at === fields.length - 1;
    const x = last ? RIGHT : (starts[at] ?? LEFT);
    const width = last ? 110 : (starts[at + 1] ?? RIGHT - amount) - x - 12;
    const style = last ? STYLES.sumFigure : STYLES.body;
    sheet.put(label, x, top + 19, STYLES.label, last ? 'right' : 'left');
    sheet.fit(value, width, style, 2).forEach((text, line) => {
      sheet.put(text, x, top + 32.5 + line * 12, style, last ? 'right' : 'left');
    });
  });
}

/** Small print and the page's number at the foot of every page. */
export function drawFeet(sheet: Sheet, { smallPrint }: DocumentDescription): void {
  const spelling = sheet.spellsOut ? ' Signs this document cannot draw stand as their Unicode numbers.' : '';
  const lines = sheet.fit(`${smallPrint}${spelling}`, PAGE.width - 2 * LEFT - 60, STYLES.foot, 2);
  sheet.onEach((page, pages) => {
    lines.forEach((line, at) => {
      sheet.put(line, LEFT, FOOT + (at - lines.length + 1) * 10.5, STYLES.foot);
    });
    sheet.put(`${page} of ${pages}`, RIGHT, FOOT, { ...STYLES.foot, tabular: true }, 'right');
  });
}
