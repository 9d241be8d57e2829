import { reproduceInvoice } from '@/lib/queries/reproduce/reproduce';
import { reading } from '../../../_reading/tenant';

/** Works the whole invoice out again from its stored facts, now, and says how it came out. Nothing for drafts. */
export async function Recomputed({ invoiceId }: { invoiceId: string }) {
  const found = await reading(({ tx, organizationId }) => reproduceInvoice(tx, organizationId, invoiceId));
  if (!found) return null;
  return <p className="basis-full text-xs text-pretty text-text-3">{sentenceOf(found)}</p>;
}

function sentenceOf({
  same,
  obstacle,
  differences,
}: NonNullable<Awaited<ReturnType<typeof reproduceInvoice>>>) {
  if (same) return 'The whole invoice, recomputed just now from its stored facts: the same.';
  switch (obstacle) {
    case 'no_facts':
      return 'This invoice was issued before facts were kept, so it cannot be recomputed.';
    case 'unknown_engine':
      return 'This release no longer carries the engine that made this invoice, so it cannot be recomputed.';
    case 'facts_changed':
      return 'The stored facts no longer match their hash. Ask an administrator to look at this invoice.';
    default:
      return `The whole invoice, recomputed just now from its stored facts: ${differences.length === 1 ? 'one figure comes' : `${differences.length} figures come`} out otherwise. Ask an administrator to look at this invoice.`;
  }
}
