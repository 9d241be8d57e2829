import type { DescribedLine, DocumentDescription, WorkedRow } from './description.ts';
import type { Row, Sheet } from './sheet.ts';
import { LEFT, RIGHT, RULES, STYLES } from './style.ts';

const LEADING = 14;
const PADDING = 7;
const NARROWEST_AMOUNT = 72;
const GAP = 18;
const QUANTITY = 92;

/** Where the columns are: amounts take what the widest of them needs. */
interface Columns {
  what: number;
  quantityEnds: number;
}

/** The header of the table; again on every page it goes on to. */
export function drawTableHead(sheet: Sheet, document: DocumentDescription): void {
  const { what, quantity, amount } = document.columns;
  const { quantityEnds } = columnsOf(sheet, document);
  sheet.y += 14;
  sheet.put(what, LEFT, sheet.y, STYLES.heading);
  sheet.put(quantity, quantityEnds, sheet.y, STYLES.heading, 'right');
  sheet.put(amount, RIGHT, sheet.y, STYLES.heading, 'right');
  sheet.y += 8;
  sheet.rule(sheet.y, RULES.line);
}

/** The rows of each line; a line's rows belong together. */
export function tableRows(sheet: Sheet, document: DocumentDescription): Row[][] {
  const columns = columnsOf(sheet, document);
  if (document.lines.length === 0) {
    const draw = (top: number) => void sheet.put(document.empty, LEFT, top + PADDING + 10, STYLES.quiet);
    return [[{ height: LEADING + 2 * PADDING, draw }]];
  }
  return document.lines.map((line, at) => lineRows(sheet, line, columns, at === 0));
}

function columnsOf(sheet: Sheet, { lines }: DocumentDescription): Columns {
  const widest = lines.reduce(
    (width, { amount }) => Math.max(width, sheet.widthOf(amount, STYLES.figure)),
    NARROWEST_AMOUNT,
  );
  const quantityEnds = RIGHT - widest - GAP;
  return { quantityEnds, what: quantityEnds - QUANTITY - GAP - LEFT };
}

function lineRows(sheet: Sheet, line: DescribedLine, columns: Columns, first: boolean): Row[] {
  const names = sheet.fit(line.what, columns.what, STYLES.strong, 4);
  const details = line.details.flatMap((text) =>
    sheet.fit(text, columns.quantityEnds - LEFT - GAP, STYLES.quiet),
  );
  const quantities = line.quantity ? sheet.fit(line.quantity, QUANTITY, STYLES.quietFigure, 3) : [];
  const rows: Row[] = [];
  if (line.group) rows.push(groupRow(sheet, line.group, first));
  const ruled = !first || line.group !== undefined;
  rows.push(space(PADDING, (top) => ruled && sheet.rule(top, RULES.hair)));
  const left = [
    ...names.map((text) => [text, STYLES.strong] as const),
    ...details.map((text) => [text, STYLES.quiet] as const),
  ];
  for (let at = 0; at < Math.max(left.length, quantities.length); at += 1) {
    const [text, style] = left[at] ?? ['', STYLES.quiet];
    rows.push({
      height: LEADING,
      draw: (top) => {
        const base = top + 10.5;
        sheet.put(text, LEFT, base, style);
        sheet.put(quantities[at] ?? '', columns.quantityEnds, base, STYLES.quietFigure, 'right');
        if (at === 0) sheet.put(line.amount, RIGHT, base, STYLES.figure, 'right');
      },
    });
  }
  if (line.working.length > 0) rows.push(space(3), ...workingRows(sheet, line.working, columns));
  rows.push(space(PADDING));
  return rows;
}

const space = (height: number, draw: (top: number) => void = () => undefined): Row => ({ height, draw });

function groupRow(sheet: Sheet, group: string, first: boolean): Row {
  const [text = ''] = sheet.fit(group, RIGHT - LEFT, STYLES.heading, 1);
  return space(first ? 20 : 26, (top) => {
    const base = top + (first ? 14 : 20);
    if (!first) sheet.rule(top, RULES.hair);
    sheet.put(text, LEFT, base, STYLES.heading);
  });
}

/** Parts of a line beneath it, in columns of their own so that nobody adds them up twice. */
function workingRows(sheet: Sheet, working: readonly WorkedRow[], columns: Columns): Row[] {
  const inset = 9;
  const widest = (pick: (row: WorkedRow) => string) =>
    Math.max(0, ...working.map((row) => sheet.widthOf(pick(row), STYLES.smallFigure)));
  const labelWidth = Math.min(
    130,
    widest(({ what }) => what),
  );
  const quantityEnds = LEFT + inset + labelWidth + 14 + widest(({ quantity }) => quantity);
  const howBegins = quantityEnds + 9;
  const amount = widest((row) => row.amount);
  const howWidth = Math.min(
    widest(({ how }) => how),
    columns.quantityEnds - amount - 20 - howBegins,
  );
  const amountEnds = howBegins + howWidth + 20 + amount;
  return working.flatMap((row) => {
    const labels = sheet.fit(row.what, labelWidth + 1, STYLES.small, 3);
    const hows = howWidth > 30 ? sheet.fit(row.how, howWidth + 1, STYLES.small, 3) : [];
    return Array.from({ length: Math.max(labels.length, hows.length, 1) }, (_, at): Row => {
      return space(12.5, (top) => {
        const base = top + 9;
        sheet.pdf.rect(LEFT, top, 1.25, 12.5).fill(RULES.line);
        sheet.put(labels[at] ?? '', LEFT + inset, base, STYLES.small);
        sheet.put(hows[at] ?? '', howBegins, base, STYLES.small);
        if (at > 0) return;
        sheet.put(row.quantity, quantityEnds, base, STYLES.smallFigure, 'right');
        sheet.put(row.amount, amountEnds, base, STYLES.smallFigure, 'right');
      });
    });
  });
}
