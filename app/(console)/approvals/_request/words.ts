import { formatAmount } from '@/components/format-amount';
import type { PanelPreview } from '@/components/panel/types';
import type { PreviewResult } from '@/lib/commands/preview/types';
import type { ApprovalRow } from '@/lib/queries/console/approvals';

/** What a request gives away, with its currency; nothing when it gives no money. */
export const requestAmount = ({ amountMinor, currency }: ApprovalRow): string =>
  amountMinor && currency ? formatAmount(BigInt(amountMinor), currency) : '';

/** The figures a request was made with, as a preview nobody can act on. */
export function figuresAsked({ figures }: ApprovalRow): PreviewResult | undefined {
  return figures ? { ...(figures as Omit<PreviewResult, 'token'>), token: '' } : undefined;
}

/** The limit was told to who asked, as "you"; everybody else reads their name. */
export const overWords = ({ overBy, requestedBy, requestedByName }: ApprovalRow, reader: string): string =>
  requestedBy === reader
    ? overBy
    : overBy.replace(/^You (may|have)/, `${requestedByName} $1`).replace(' your ', ` ${requestedByName}’s `);

/** "Next bill $140.00, next three bills $420.00": how the figures that have moved stood when it was asked. */
export function movedWords(now: PanelPreview, asked: PanelPreview): string | null {
  const old = new Map(asked.rows.map((row) => [row.label, row]));
  const said = now.rows.flatMap((row) => {
    const was = old.get(row.label);
    if (!row.moved || !was || was.after === row.after) return [];
    return [`${row.label.toLowerCase()} ${was.after}, from ${was.now}`];
  });
  return said.length > 0 ? said.join('; ') : null;
}
