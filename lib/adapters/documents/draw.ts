import type { Cancelled, DocumentDescription } from './description.ts';
import { drawContinued, drawHead } from './head.ts';
import { heightOf, Sheet } from './sheet.ts';
import { BOTTOM } from './style.ts';
import { drawTableHead, tableRows } from './table.ts';
import { plain } from './text.ts';
import { drawFeet, drawSlip, noteRows, SLIP_NEEDS, totalRows } from './totals.ts';

/**
 * A document as a PDF, A4. The same description gives the same bytes, whenever and wherever it is drawn. `cancelled` says
 * what became of it since it was issued.
 */
export async function drawDocument(
  document: DocumentDescription,
  cancelled: Cancelled | null = null,
): Promise<Buffer> {
  const sheet = new Sheet({
    title: plain(`${document.kind} ${document.number}`),
    author: plain(document.seller.name),
    issuedAt: document.issuedAt,
  });
  let inTable = true;
  sheet.onContinue = () => {
    drawContinued(sheet, document, cancelled);
    if (inTable) drawTableHead(sheet, document);
  };
  drawHead(sheet, document, cancelled);
  drawTableHead(sheet, document);

  const lines = tableRows(sheet, document);
  const totals = totalRows(sheet, document, cancelled);
  const notes = noteRows(sheet, document);
  const last = lines.pop() ?? [];
  const closing = heightOf(last) + heightOf(totals) + heightOf(notes);
  for (const line of lines) sheet.flow(line);
  // The sums never stand alone on a page: the last line goes with them.
  if (lines.length > 0 && sheet.y + closing > BOTTOM) sheet.turn();
  sheet.flow(last);
  inTable = false;
  sheet.flow(totals);
  sheet.flow(notes);
  if (document.slip && !cancelled && sheet.y <= SLIP_NEEDS) drawSlip(sheet, document.slip);
  drawFeet(sheet, document);
  return sheet.finish();
}
