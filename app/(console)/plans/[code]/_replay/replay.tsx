import Link from 'next/link';
import { formatAmount } from '@/components/format-amount';
import { Money } from '@/components/money';
import { Note } from '@/components/ui/surface';
import { Table, Td, Th } from '@/components/ui/table';
import { Exact } from '@/lib/billing/money/exact';
import { type Replay, type ReplayedCustomer, replayPlan } from '@/lib/queries/console/what-if';
import { reading } from '../../../_reading/tenant';

const BUDGET_MS = 4_000;

interface ReplayProps {
  planId: string;
  planName: string;
  target: { versionId: string; name: string; version: number };
  currency: string;
}

/** Last month's customers of a plan on another version: sums before and after, and those it changes the most. */
export async function ReplayResult({ planId, planName, target, currency }: ReplayProps) {
  const replay = await reading(({ tx, organizationId, now }) =>
    replayPlan(tx, organizationId, { planId, versionId: target.versionId }, now, BUDGET_MS),
  );
  const money = (minor: bigint) => formatAmount(minor, currency);
  const change = replay.afterMinor - replay.beforeMinor;
  if (replay.priced === 0) {
    return (
      <p className="mt-3 text-text-2">
        {replay.subscriptions === 0
          ? `Nobody is on ${planName} yet.`
          : 'Nobody on it has a whole finished period to price yet.'}
      </p>
    );
  }
  return (
    <div className="mt-3 max-w-200">
      <p className="text-base text-pretty text-text-2">
        {replay.priced === 1 ? 'One customer' : `${replay.priced} customers`} would have paid{' '}
        <span className="num font-medium text-text">{money(replay.afterMinor)}</span> instead of{' '}
        <span className="num text-text">{money(replay.beforeMinor)}</span>
        {change === 0n ? ', the same' : ` (${shareWords(replay)})`}
        {replay.jumps > 0 && `: ${replay.jumps === 1 ? 'one pays' : `${replay.jumps} pay`} over 20% more`}.
      </p>
      {replay.timeUp && (
        <Note warn className="mt-3">
          Only the first {replay.priced} of {replay.subscriptions === replay.priced ? '' : 'at least '}
          {replay.subscriptions} could be priced in the time a page may take. The sums are theirs alone.
        </Note>
      )}
      <div className="mt-4 grid gap-x-10 gap-y-5 @3xl:grid-cols-2">
        <Side title="Would pay the most more" rows={replay.payers} currency={currency} />
        <Side title="Would pay the most less" rows={replay.savers} currency={currency} />
      </div>
      <p className="mt-3 text-xs text-pretty text-text-3">
        Each one’s last whole period at what they really used, on what they have now (with prices of their
        own) and on {target.name}, version {target.version}. Without tax, discounts, credits and trial days.
        {replay.left > 0 && ` ${replay.left} left out: still in the first period.`}
      </p>
    </div>
  );
}

/** "+$310.00, +6.1%". */
function shareWords({ beforeMinor, afterMinor }: Replay): string {
  const change = afterMinor - beforeMinor;
  const sign = change < 0n ? '−' : '+';
  if (beforeMinor === 0n) return `${sign}, from nothing`;
  const size = change < 0n ? -change : change;
  return `${sign}${Exact.ratio(size * 100n, beforeMinor)
    .round(1)
    .toDecimalString(1)}%`;
}

function Side({
  title,
  rows,
  currency,
}: {
  title: string;
  rows: readonly ReplayedCustomer[];
  currency: string;
}) {
  return (
    <div>
      <h3 className="text-xs font-medium tracking-normal text-text-3">{title}</h3>
      {rows.length === 0 ? (
        <p className="mt-2 border-t border-hair py-2 text-text-2">Nobody.</p>
      ) : (
        <Table label={title} tight bare className="mt-1">
          <thead>
            <tr>
              <Th>
                <span className="sr-only">Customer</span>
              </Th>
              <Th r>Was</Th>
              <Th r>Would be</Th>
              <Th r>Difference</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <Td className="max-w-40 truncate font-medium">
                  <Link href={`/plans/compare?customer=${row.id}`}>{row.name}</Link>
                </Td>
                <Td r quiet>
                  <Money amount={row.beforeMinor} currency={currency} plainZero />
                </Td>
                <Td r>
                  <Money amount={row.afterMinor} currency={currency} plainZero />
                </Td>
                <Td r quiet>
                  <Money amount={row.afterMinor - row.beforeMinor} currency={currency} sign />
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </div>
  );
}
