import { formatAmount } from '@/components/format-amount';
import { formatInstant } from '@/components/format-date';
import type { PaperLine } from '@/components/invoice/paper';
import type { Working } from '@/lib/billing/invoice/result';
import { formatQuantity } from '@/lib/billing/money/format';
import { localDate } from '@/lib/billing/periods/zone';
import type { InvoiceCredit, InvoiceDocument, InvoiceFee } from '@/lib/queries/console/invoice';

/** "1 to 30 September": a window's local days as a document says them. */
export function spanWords(from: number | null, to: number | null, timezone: string): string | null {
  if (from === null || to === null) return null;
  const [first, last] = [localDate(from, timezone), localDate(to, timezone)];
  const day = (instant: number) => formatInstant(instant, timezone, 'day', from);
  if (first === last) return day(from);
  const month = formatInstant(to, timezone, 'month').split(' ')[0];
  const sameMonth = first.slice(0, 7) === last.slice(0, 7);
  return sameMonth
    ? `${Number(first.slice(8))} to ${Number(last.slice(8))} ${month}`
    : `${day(from)} to ${formatInstant(to, timezone, 'day', first.slice(0, 4) === last.slice(0, 4) ? from : undefined)}`;
}

export function feeName(fee: InvoiceFee): string {
  if (fee.trueUpOf) return `${fee.name}, up to the minimum`;
  if (fee.feeType === 'commitment') return 'Up to the minimum';
  return fee.name || fee.planName || 'Line';
}

/** The days a line is for: of a plan's price only those that are paid, where a trial leaves out the first. */
function paidSpan(fee: InvoiceFee, timezone: string): string | null {
  const working = fee.working as Working | null;
  const paid = fee.feeType === 'subscription' ? working?.period : null;
  return spanWords(paid?.from ?? fee.from, paid?.to ?? fee.to, timezone);
}

function groupWords(fee: InvoiceFee): string | null {
  const groups = Object.values(fee.groupedBy ?? {}).filter(Boolean);
  return [fee.filterName, ...groups].filter(Boolean).join(', ') || null;
}

export function feeQuantity(fee: InvoiceFee): string | undefined {
  if (fee.feeType === 'commitment' || fee.trueUpOf) return undefined;
  const units = formatQuantity(fee.units);
  return fee.feeType === 'charge' && fee.unitName && /^[A-Z]+$/.test(fee.unitName)
    ? `${units} ${fee.unitName}`
    : units;
}

const discountName = ({ name, percent }: InvoiceCredit) =>
  percent === null ? name : `${formatQuantity(percent)}% off`;

const creditAmount = (minor: string, currency: string) => formatAmount(-BigInt(minor), currency);

/** Every line of the document, each with the address that explains it. */
export function paperLines({ head, fees, credits }: InvoiceDocument): PaperLine[] {
  const href = (id: string) => `/invoices/${head.id}?line=${id}`;
  const lines: PaperLine[] = fees.map((fee) => ({
    id: fee.id,
    what: feeName(fee),
    detail: [paidSpan(fee, head.timezone), groupWords(fee)].filter(Boolean).join(', ') || undefined,
    quantity: feeQuantity(fee),
    amount: formatAmount(BigInt(fee.amountMinor), fee.currency),
    href: href(fee.id),
  }));
  for (const credit of credits) {
    lines.push({
      id: credit.id,
      what:
        credit.kind === 'wallet'
          ? 'Credits used'
          : credit.kind === 'coupon'
            ? discountName(credit)
            : credit.kind === 'credit_note'
              ? `Credit note ${credit.name}`
              : 'Already billed',
      detail:
        credit.kind === 'wallet' && credit.left
          ? `${formatAmount(BigInt(credit.left), head.currency)} left`
          : credit.kind === 'coupon' && credit.bills !== null && credit.ordinal !== null
            ? `Bill ${credit.ordinal} of ${credit.bills}`
            : undefined,
      amount: creditAmount(credit.amountMinor, head.currency),
      href: href(credit.id),
    });
  }
  return lines;
}
