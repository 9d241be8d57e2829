import type { Cancelled, DocumentDescription, Labelled, Party } from './description.ts';
import type { Sheet } from './sheet.ts';
import { LEFT, RIGHT, RULES, STYLES, TOP } from './style.ts';

const COLUMN = 168;
const GAP = 18;
const LEADING = 15;

/** Who, what and how much: the top of the first page. Leaves `y` under it. */
export function drawHead(sheet: Sheet, document: DocumentDescription, cancelled: Cancelled | null): void {
  const nameEnds = drawTitle(sheet, document, cancelled, 2);
  drawHeadline(sheet, document, cancelled, nameEnds + 36);
  sheet.y += 22;
  const top = sheet.y;
  const ends = [
    drawParty(sheet, document.buyer, LEFT, top),
    drawParty(sheet, document.seller, LEFT + COLUMN + GAP, top),
    drawFacts(sheet, document.facts, LEFT + 2 * (COLUMN + GAP), top),
  ];
  sheet.y = Math.max(...ends) + 16;
}

/** The top of the pages after the first. */
export function drawContinued(
  sheet: Sheet,
  document: DocumentDescription,
  cancelled: Cancelled | null,
): void {
  drawTitle(sheet, document, cancelled, 1);
  sheet.y = TOP + 28;
}

/** Returns the baseline of the seller's last line. */
function drawTitle(
  sheet: Sheet,
  { seller, kind, number }: DocumentDescription,
  cancelled: Cancelled | null,
  nameLines: number,
): number {
  const [shown = ''] = sheet.fit(number, 220, STYLES.number, 1);
  const width = sheet.put(shown, RIGHT, TOP, STYLES.number, 'right');
  if (cancelled) sheet.rule(TOP - 4.5, STYLES.number.color, RIGHT - width, RIGHT, 1);
  const word = sheet.put(kind, RIGHT - width - 5, TOP, STYLES.kind, 'right');
  const room = RIGHT - LEFT - width - word - 30;
  const lines = sheet.fit(seller.name, room, STYLES.seller, nameLines);
  lines.forEach((line, at) => {
    sheet.put(line, LEFT, TOP + at * 18, STYLES.seller);
  });
  return TOP + (lines.length - 1) * 18;
}

function drawHeadline(
  sheet: Sheet,
  { headline, when }: DocumentDescription,
  cancelled: Cancelled | null,
  top: number,
): void {
  sheet.put(headline.label, LEFT, top + 6, STYLES.lead);
  const base = top + 37;
  const width = sheet.put(headline.amount, LEFT - 1, base, STYLES.big);
  if (cancelled) sheet.rule(base - 9.5, STYLES.big.color, LEFT - 1, LEFT - 1 + width, 1.5);
  const beside = cancelled?.words ?? when;
  if (beside) {
    sheet.put(beside.label, RIGHT, base - 15, STYLES.strong, 'right');
    sheet.put(beside.value, RIGHT, base, STYLES.quiet, 'right');
  }
  sheet.y = base + 15;
  sheet.rule(sheet.y, RULES.strong);
}

/** Returns the baseline of the last line. */
function drawParty(sheet: Sheet, { role, name, lines }: Party, x: number, top: number): number {
  sheet.put(role, x, top, STYLES.label);
  let y = top;
  for (const line of sheet.fit(name, COLUMN, STYLES.strong, 8)) {
    y += LEADING;
    sheet.put(line, x, y, STYLES.strong);
  }
  for (const line of lines.flatMap((text) => sheet.fit(text, COLUMN, STYLES.quiet, 3))) {
    y += LEADING;
    sheet.put(line, x, y, STYLES.quiet);
  }
  return y;
}

function drawFacts(sheet: Sheet, facts: readonly Labelled[], x: number, top: number): number {
  let y = top;
  for (const { label, value } of facts) {
    sheet.put(label, x, y, STYLES.label);
    for (const line of sheet.fit(value, RIGHT - x, STYLES.body, 3)) {
      y += LEADING - 1;
      sheet.put(line, x, y, STYLES.body);
    }
    y += LEADING + 5;
  }
  return y - LEADING - 5;
}
