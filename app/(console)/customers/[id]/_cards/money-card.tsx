import { formatAmount } from '@/components/format-amount';
import { formatInstant } from '@/components/format-date';
import { Money } from '@/components/money';
import { Card, Fact, Facts } from '@/components/ui/surface';
import { WhyFigure } from '@/components/ui/why';
import { formatQuantity } from '@/lib/billing/money/format';
import type { CreditLot, CustomerMoney, RunningDiscount } from '@/lib/queries/console/customer-money';
import { type CustomerPage, customerAccount } from '../../../_reading/customer';

/** What came in, what is owed, what they hold and what they were given. */
export async function MoneyCard({ page }: { page: CustomerPage }) {
  const money = await customerAccount(page.facts.id);
  const { now, currency } = page;
  const { timezone } = page.facts;
  const rows =
    money.perCurrency.length > 0
      ? money.perCurrency
      : [{ currency, paidMinor: '0', bills: 0, owesMinor: '0' }];
  const many = rows.length > 1;
  return (
    <Card label="Money">
      <h2 className="tracking-normal">Money</h2>
      <Facts className="mt-2">
        {rows.map((row) => (
          <Fact
            key={`paid ${row.currency}`}
            label={`Paid to date${row.bills > 0 ? `, ${row.bills} ${row.bills === 1 ? 'bill' : 'bills'}` : ''}`}
          >
            <Money amount={row.paidMinor} currency={row.currency} code={many} />
          </Fact>
        ))}
        {rows.map((row) => (
          <Fact key={`owes ${row.currency}`} label="Owes">
            <Money amount={row.owesMinor} currency={row.currency} code={many} />
          </Fact>
        ))}
        {money.lastPayment && (
          <Fact label={`Last paid ${formatInstant(money.lastPayment.at, timezone, 'weekday', now)}`}>
            <Money amount={money.lastPayment.amountMinor} currency={money.lastPayment.currency} />
          </Fact>
        )}
        <Credits lots={money.lots} currency={currency} now={now} timezone={timezone} />
        {money.discounts.map((discount) => (
          <Fact key={discount.id} label={discountName(discount)}>
            {discount.billsLeft === null
              ? 'forever'
              : `${discount.billsLeft} ${discount.billsLeft === 1 ? 'bill' : 'bills'} left`}
          </Fact>
        ))}
        <GivenAway money={money} currency={currency} />
      </Facts>
    </Card>
  );
}

function discountName({ percent, amountMinor, currency, name }: RunningDiscount): string {
  if (percent) return `${formatQuantity(percent)}% off`;
  return amountMinor && currency ? `${formatAmount(BigInt(amountMinor), currency)} off` : name;
}

function Credits({
  lots,
  currency,
  now,
  timezone,
}: {
  lots: readonly CreditLot[];
  currency: string;
  now: number;
  timezone: string;
}) {
  if (lots.length === 0) {
    return (
      <Fact label="Free credits">
        <Money amount="0" currency={currency} />
      </Fact>
    );
  }
  const ending = (lot: CreditLot) =>
    lot.expiresAt === null
      ? 'no end'
      : `good through ${formatInstant(lot.expiresAt - 1, timezone, 'weekday', now)}`;
  return (['granted', 'purchased'] as const).flatMap((kind) => {
    const own = lots.filter((lot) => lot.kind === kind);
    const unit = own[0]?.currency;
    if (!unit) return [];
    const left = own.reduce((sum, lot) => sum + BigInt(lot.remainingMinor), 0n);
    return [
      <Fact key={kind} label={kind === 'granted' ? 'Free credits' : 'Paid credits'}>
        <WhyFigure
          why={own.map((lot) => (
            <span key={lot.id} className="block">
              <span className="num text-text">{formatAmount(BigInt(lot.remainingMinor), lot.currency)}</span>
              {` of ${formatAmount(BigInt(lot.grantedMinor), lot.currency)}, ${ending(lot)}`}
            </span>
          ))}
        >
          {formatAmount(left, unit)}
        </WhyFigure>
      </Fact>,
    ];
  });
}

function GivenAway({ money, currency }: { money: CustomerMoney; currency: string }) {
  const given = money.givenAway.length > 0 ? money.givenAway : [{ currency, amountMinor: '0' }];
  return given.map((row) => (
    <Fact key={`given ${row.currency}`} label="Given away, 12 months">
      {row.amountMinor === '0' ? (
        <Money amount="0" currency={row.currency} />
      ) : (
        <WhyFigure why="Free credits people gave, without those taken back, and what discounts took off bills.">
          {formatAmount(BigInt(row.amountMinor), row.currency)}
        </WhyFigure>
      )}
    </Fact>
  ));
}
