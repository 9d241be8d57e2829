import { formatAmount } from '@/components/format-amount';
import type { WorkingRow as ShownRow } from '@/components/invoice/why-panel';
import { type ExplainedRow, explainFee, reproduces } from '@/lib/billing/explain';
import type { Working } from '@/lib/billing/invoice/result';
import type { InvoiceCredit, InvoiceDocument, InvoiceFee } from '@/lib/queries/console/invoice';
import { feeName } from './lines';

export interface Explained {
  sentence: string;
  rows: ShownRow[];
  result: ShownRow;
  /** Worked out again from the stored working and compared; null where there is nothing to work out. */
  reproduces: boolean | null;
}

const shown = (row: ExplainedRow): ShownRow => ({
  what: row.label,
  units: row.quantity || undefined,
  how: row.rate || undefined,
  amount: row.amount,
});

/** The stored working, where it is one: lines of other makes have none. */
function workingOf(fee: InvoiceFee): Working | null {
  const working = fee.working as Working | null;
  return working && Array.isArray(working.rows) && typeof working.units === 'string' ? working : null;
}

/** Why a line is what it is, worked out again by the engine. A working that cannot be read counts as not reproduced. */
export function explainLine(fee: InvoiceFee, { head }: InvoiceDocument): Explained {
  const working = workingOf(fee);
  const plain: Explained = {
    sentence: `${feeName(fee)} was billed as it stands.`,
    rows: [],
    result: { what: 'Line', amount: formatAmount(BigInt(fee.amountMinor), fee.currency) },
    reproduces: null,
  };
  if (!working) return plain;
  const line = {
    amountMinor: BigInt(fee.amountMinor),
    preciseAmountMinor: fee.preciseAmountMinor,
    working,
  };
  try {
    const explained = explainFee(
      {
        ...line,
        displayName: feeName(fee),
        filterDisplayName: fee.filterName,
        groupedBy: fee.groupedBy ?? {},
      },
      { currency: fee.currency, timezone: head.timezone, locale: 'en-US', customerName: head.customerName },
    );
    return {
      sentence: explained.sentence,
      rows: explained.rows.map(shown),
      result: shown(explained.result),
      reproduces: reproduces(line),
    };
  } catch (failure) {
    if (failure instanceof RangeError) return { ...plain, reproduces: false };
    throw failure;
  }
}

/** Why a credit lowered the bill. */
export function explainCredit(credit: InvoiceCredit, { head }: InvoiceDocument): Explained {
  const amount = formatAmount(BigInt(credit.amountMinor), head.currency);
  const sentences: Record<InvoiceCredit['kind'], string> = {
    coupon: `The discount “${credit.name}” takes ${amount} off this bill, before tax.`,
    credit_note: `Credit note ${credit.name} pays ${amount} of this bill.`,
    wallet: `${head.customerName} had credits. ${amount} of them paid a part of this bill.`,
    invoice: `A bill made early already took ${amount} of this use.`,
  };
  return {
    sentence: sentences[credit.kind],
    rows: [],
    result: { what: 'Line', amount: formatAmount(-BigInt(credit.amountMinor), head.currency) },
    reproduces: null,
  };
}
