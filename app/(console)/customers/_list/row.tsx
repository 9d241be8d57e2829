import Link from 'next/link';
import { formatInstant } from '@/components/format-date';
import { Money } from '@/components/money';
import { State, type StateKind } from '@/components/ui/state';
import { PhoneRow, Td } from '@/components/ui/table';
import { lastFreeMoment } from '@/lib/billing/periods/trial';
import type { CustomerRow } from '@/lib/queries/console/customers';

const SILENT = 14 * 86_400_000;

function stateOf(row: CustomerRow, now: number): { kind: StateKind; words: string } {
  if (row.failed) return { kind: 'bad', words: 'Payment late' };
  const day = (instant: number) => formatInstant(instant, row.timezone, 'day', now);
  switch (row.status) {
    case 'trial':
      return {
        kind: 'info',
        words: row.trialEndsAt ? `Trial to ${day(lastFreeMoment(row.trialEndsAt, row.timezone))}` : 'Trial',
      };
    case 'paying':
      return { kind: 'good', words: 'Paying' };
    case 'pending':
      return { kind: 'info', words: 'Starts later' };
    case 'paused':
      return { kind: 'ended', words: row.endedAt ? `Paused ${day(row.endedAt)}` : 'Paused' };
    case 'left':
      return { kind: 'ended', words: row.endedAt ? `Left ${day(row.endedAt)}` : 'Left' };
    default:
      return { kind: 'ended', words: 'No plan' };
  }
}

function heardWords(row: CustomerRow, now: number): { words: string; warn: boolean } {
  if (!row.countsUse || (row.status !== 'trial' && row.status !== 'paying'))
    return { words: '', warn: false };
  if (row.lastUseAt === null) return { words: 'Never used', warn: row.status === 'paying' };
  if (now - row.lastUseAt > SILENT) {
    return { words: `Silent since ${formatInstant(row.lastUseAt, row.timezone, 'day', now)}`, warn: true };
  }
  return { words: 'In use', warn: false };
}

const nextBill = (row: CustomerRow, now: number) =>
  row.nextBillAt === null ? '—' : formatInstant(row.nextBillAt, row.timezone, 'weekday', now);

/** One customer in the table. The name leads to the page. */
export function CustomerLine({ row, now }: { row: CustomerRow; now: number }) {
  const state = stateOf(row, now);
  const use = heardWords(row, now);
  const currency = row.currency ?? 'USD';
  return (
    <tr className="relative">
      <Td className="max-w-64 truncate font-medium">
        <Link href={`/customers/${row.id}`} className="after:absolute after:inset-0">
          {row.name}
        </Link>
      </Td>
      <Td className="max-w-40 truncate">{row.planName ?? <span className="text-text-3">—</span>}</Td>
      <Td>
        <State kind={state.kind}>{state.words}</State>
      </Td>
      <Td r>
        <Money amount={row.status === 'paying' ? row.mrrMinor : null} currency={currency} />
      </Td>
      <Td r quiet>
        {nextBill(row, now)}
      </Td>
      <Td r>
        <Money amount={row.owesMinor} currency={currency} />
      </Td>
      <Td r>
        <Money amount={row.creditsMinor} currency={currency} />
      </Td>
      <Td className={use.warn ? 'text-warn' : 'text-text-2'}>{use.words}</Td>
    </tr>
  );
}

/** The same on phones: name and money, then state and date. */
export function CustomerPhoneLine({ row, now }: { row: CustomerRow; now: number }) {
  const state = stateOf(row, now);
  const use = heardWords(row, now);
  const currency = row.currency ?? 'USD';
  const credits = row.creditsMinor === '0' ? '' : ', has credits';
  return (
    <PhoneRow
      href={`/customers/${row.id}`}
      name={row.name}
      figure={<Money amount={row.status === 'paying' ? row.mrrMinor : null} currency={currency} />}
      status={
        <State kind={use.warn && !row.failed ? 'warn' : state.kind}>
          {use.warn && !row.failed ? use.words : `${state.words}${credits}`}
        </State>
      }
      meta={row.nextBillAt === null ? undefined : nextBill(row, now)}
    />
  );
}
