import { unitWords } from '@/components/features/price-words';
import { formatAmount } from '@/components/format-amount';
import { formatInstant } from '@/components/format-date';
import { Exact } from '@/lib/billing/money/exact';
import { formatQuantity } from '@/lib/billing/money/format';
import { localDate } from '@/lib/billing/periods/zone';
import { type InvoiceFee, lineBefore } from '@/lib/queries/console/invoice';
import { reading } from '../../../_reading/tenant';

/** What changed since the bill before: "$61.40 more than August, because minutes rose by 3,070." */
export async function Compared({ fee, timezone }: { fee: InvoiceFee; timezone: string }) {
  const before = await reading(({ tx, organizationId }) => lineBefore(tx, organizationId, fee));
  if (!before || before.currency !== fee.currency) return null;
  const change = BigInt(fee.amountMinor) - BigInt(before.amountMinor);
  const more = Exact.of(fee.units).sub(before.units);
  // A period that begins inside a month has no month's name.
  const month = localDate(before.from, timezone).endsWith('-01')
    ? formatInstant(before.from, timezone, 'month').split(' ')[0]
    : 'the bill before';
  const unit = unitWords(fee.unitName, fee.metricName ?? fee.name).many;
  if (change === 0n && more.isZero()) return <>The same as {month}.</>;
  const moved = more.isZero()
    ? `${unit} stayed the same`
    : `${unit} ${more.isNegative() ? 'fell' : 'rose'} by ${formatQuantity(more.abs())}`;
  if (change === 0n)
    return (
      <>
        The same amount as {month}, though {moved}.
      </>
    );
  return (
    <>
      <span className="num font-medium text-text">
        {formatAmount(change < 0n ? -change : change, fee.currency)}
      </span>
      {` ${change > 0n ? 'more' : 'less'} than ${month}: ${moved}.`}
    </>
  );
}
