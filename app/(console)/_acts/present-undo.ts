import { formatAmount } from '@/components/format-amount';
import type { DeltaRow, PanelPreview } from '@/components/panel/types';
import { dayOf } from '@/lib/billing/periods/browser-zone';
import type { PreviewResult } from '@/lib/commands/preview/types';
import { presentPreview } from './present';

/** The charge that an act held back and that its undo never makes. */
function heldRow({ undoes, after }: PreviewResult): DeltaRow[] {
  if (!undoes?.heldMinor || undoes.heldMinor === '0') return [];
  return [
    {
      label: 'Held charge',
      now: formatAmount(BigInt(undoes.heldMinor), after.currency),
      after: formatAmount(0n, after.currency),
      difference: 'never made',
      changed: true,
    },
  ];
}

/** What taking an act back means, in the words of the panel. `saw` is what was looked at before it moved. */
export function presentUndo(preview: PreviewResult, timezone: string, saw?: PreviewResult): PanelPreview {
  const today = dayOf(preview.asOf, preview.after.timezone);
  const shown = presentPreview(preview, { today, timezone }, saw);
  const rows = shown.rows.filter((row) => row.changed || /bill/i.test(row.label));
  return {
    ...shown,
    rows: [...heldRow(preview), ...rows],
    act: preview.title,
    limit: undefined,
    undo: { kind: 'forward', headline: 'It stays in the timeline', detail: ', ruled through.' },
  };
}
