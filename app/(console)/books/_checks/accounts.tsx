import { Money } from '@/components/money';
import { State } from '@/components/ui/state';
import { CheckedLine, Note, Section } from '@/components/ui/surface';
import { Table, Td, Th } from '@/components/ui/table';
import { EmptyState } from '@/components/ui/waiting';
import { ACCOUNT_KINDS, type AccountKind } from '@/db/schema';
import { type AccountTotal, accountTotals } from '@/lib/queries/console/books';
import { reading } from '../../_reading/tenant';

const NAMES: Record<AccountKind, string> = {
  receivable: 'Customers owe',
  cash: 'Money received, less refunds',
  revenue: 'Revenue',
  tax_payable: 'Tax collected for the state',
  paid_credit_liability: 'Paid credits still to be used',
  free_credit_liability: 'Free credits still to be used',
  free_credit_cost: 'Cost of free credits',
  credit_note_liability: 'Credit notes still to be used',
  breakage: 'Credits that ended unused',
};

/** Each account on its side, both sides with the same sum, and beside it what the documents say. */
export async function Accounts() {
  const rows = await reading(({ tx, organizationId }) => accountTotals(tx, organizationId));
  const busy = (currency: string) => rows.filter((row) => row.currency === currency).length;
  const currencies = [...new Set(rows.map(({ currency }) => currency))].sort(
    (left, right) => busy(right) - busy(left),
  );
  if (currencies.length === 0) {
    return (
      <EmptyState title="Nothing is booked yet">
        The first issued invoice, payment or credit makes the first entry.
      </EmptyState>
    );
  }
  return currencies.map((currency) => (
    <CurrencyAccounts
      key={currency}
      currency={currency}
      rows={rows.filter((row) => row.currency === currency)}
    />
  ));
}

const absolute = (amount: bigint) => (amount < 0n ? -amount : amount);

function CurrencyAccounts({ currency, rows }: { currency: string; rows: AccountTotal[] }) {
  const sorted = rows.toSorted(
    (left, right) => ACCOUNT_KINDS.indexOf(left.kind) - ACCOUNT_KINDS.indexOf(right.kind),
  );
  const sum = (side: 1n | -1n) =>
    rows.reduce((total, { balanceMinor }) => {
      const own = BigInt(balanceMinor) * side;
      return own > 0n ? total + own : total;
    }, 0n);
  const [left, right] = [sum(1n), sum(-1n)];
  return (
    <Section title={`Totals in ${currency}`} className="mt-7">
      <div className="-mx-8 overflow-x-auto px-8 max-md:-mx-4 max-md:px-4">
        <Table
          label={`Totals in ${currency}`}
          tight
          bare
          className="mt-2 min-w-160 table-fixed [&_th:first-child]:w-[36%]"
        >
          <thead>
            <tr>
              <Th>Account</Th>
              <Th r>Debit</Th>
              <Th r>Credit</Th>
              <Th r>Documents say</Th>
              <Th>
                <span className="sr-only">Agrees</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((row) => (
              <AccountRow key={row.kind} row={row} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <Td className="font-medium text-text">Both sides</Td>
              <Td r className="font-medium text-text">
                <Money amount={left} currency={currency} />
              </Td>
              <Td r className="font-medium text-text">
                <Money amount={right} currency={currency} />
              </Td>
              <Td />
              <Td />
            </tr>
          </tfoot>
        </Table>
      </div>
      {left === right ? (
        <CheckedLine className="mt-2">Both sides are the same to the cent.</CheckedLine>
      ) : (
        <Note warn role="alert" className="mt-2">
          The sides differ. See which check below fails, and tell whoever runs this server.
        </Note>
      )}
    </Section>
  );
}

function AccountRow({ row: { kind, currency, balanceMinor, documentsMinor } }: { row: AccountTotal }) {
  const balance = BigInt(balanceMinor);
  const money = <Money amount={absolute(balance)} currency={currency} />;
  return (
    <tr>
      <Td>{NAMES[kind]}</Td>
      <Td r>{balance >= 0n && money}</Td>
      <Td r>{balance < 0n && money}</Td>
      <Td r quiet>
        {documentsMinor === null ? (
          <span className="text-text-3">only in the ledger</span>
        ) : (
          <Money amount={absolute(BigInt(documentsMinor))} currency={currency} />
        )}
      </Td>
      <Td>
        {documentsMinor !== null && (
          <State kind={documentsMinor === balanceMinor ? 'good' : 'bad'}>
            {documentsMinor === balanceMinor ? 'agrees' : 'differs'}
          </State>
        )}
      </Td>
    </tr>
  );
}
