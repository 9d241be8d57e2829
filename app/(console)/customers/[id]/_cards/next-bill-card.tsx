'use client';

import { Fragment } from 'react';
import { formatDay } from '@/components/format-date';
import { Money } from '@/components/money';
import { Button } from '@/components/ui/button';
import { Card, Fact, Facts } from '@/components/ui/surface';
import { WhyFigure } from '@/components/ui/why';
import type { BillLine, ForecastBill, Outlook } from '@/lib/commands/preview/types';
import { billsToCome } from '../../../_acts/bills';
import { useActs } from '../_acts/acts-context';
import { ACT_NAMES } from '../_acts/types';

const ORDINALS = ['First', 'Second', 'Third'];

/** The next bill line by line, exact and estimated parts marked; what a proposed change makes of it in ink. */
export function NextBillCard({ outlook }: { outlook: Outlook }) {
  const { preview, facts, open, openAct } = useActs();
  const shown = preview?.after ?? outlook;
  const before = preview?.before ?? outlook;
  const first = outlook.trial !== null;
  const bills = billsToCome(shown);
  const bill = bills[0];
  const old = billsToCome(before)[0];
  const title = first ? 'First bill' : 'Next bill';
  if (!bill) {
    return (
      <Card label={title}>
        <h2 className="tracking-normal">{title}</h2>
        <p className="mt-1.5 text-pretty text-text-2">
          {old ? 'No further bill after this change.' : 'No bill is due: nothing runs that would make one.'}
        </p>
        {facts.withoutPlan && !facts.locked.start && !open && (
          <Button className="mt-3" onClick={() => openAct('start')}>
            {ACT_NAMES.start}
          </Button>
        )}
      </Card>
    );
  }
  const dateMoved = old !== undefined && old.date !== bill.date;
  const totalMoved = old !== undefined && old.totalMinor !== bill.totalMinor;
  const oldLines = new Map(old?.lines.map((line) => [line.label, line.amountMinor]));
  const plans = [preview?.before.plan?.name, preview?.after.plan?.name];
  const oldPlan = plans[0] !== plans[1] ? plans[0] : undefined;
  const zeros = bill.lines.filter(({ amountMinor }) => amountMinor === '0');
  const lines = zeros.length > 1 ? bill.lines.filter(({ amountMinor }) => amountMinor !== '0') : bill.lines;
  return (
    <Card label={title}>
      <div className="flex items-baseline gap-2">
        <h2 className="flex-1 tracking-normal">{title}</h2>
        {dateMoved && (
          <span className="num text-text-3 line-through">{formatDay(old.date, facts.today)}</span>
        )}
        <span className={`num ${dateMoved ? 'font-medium text-ink' : 'text-text-2'}`}>
          {formatDay(bill.date, facts.today)}
        </span>
      </div>
      <p
        className={`num mt-1 flex items-baseline gap-1.5 text-2xl font-semibold tracking-tight ${totalMoved ? 'text-ink' : ''}`}
      >
        {!bill.exact && <span className="text-lg font-normal text-text-2">about</span>}
        <Money amount={bill.totalMinor} currency={shown.currency} plainZero />
      </p>
      <Facts className="mt-3 [&>div:first-child]:!border-t">
        {lines.map((line, index) => (
          <BillRow
            // biome-ignore lint/suspicious/noArrayIndexKey: two lines of a bill may say the same
            key={index}
            line={line}
            currency={shown.currency}
            written={preview !== null && oldLines.get(line.label) !== line.amountMinor}
          />
        ))}
        {zeros.length > 1 && <ZeroRows lines={zeros} currency={shown.currency} />}
        {totalMoved && (
          <Fact label={`Was${oldPlan ? `, on ${oldPlan}` : ''}`}>
            <Money amount={old.totalMinor} currency={shown.currency} about={!old.exact} was />
          </Fact>
        )}
        <LaterBills bills={bills} first={first} currency={shown.currency} today={facts.today} />
      </Facts>
    </Card>
  );
}

function BillRow({ line, currency, written }: { line: BillLine; currency: string; written: boolean }) {
  return (
    <Fact
      label={
        <span className="inline-block max-w-[calc(100%-1.25rem)] align-top text-pretty">
          {line.kind === 'use' ? line.name : line.label}
          {line.working && <span className="block text-xs text-text-3">{line.working}</span>}
        </span>
      }
      exact={line.exact}
    >
      <Money amount={line.amountMinor} currency={currency} about={!line.exact} written={written} />
    </Fact>
  );
}

/** Lines that cost nothing, told together; each one press away. */
function ZeroRows({ lines, currency }: { lines: readonly BillLine[]; currency: string }) {
  const guess = lines.some(({ exact }) => !exact);
  return (
    <Fact
      exact={!guess}
      label={
        <WhyFigure
          why={lines.map(({ label, working }) => (
            <span key={label} className="block">
              {[label, working].filter(Boolean).join(': ')}
            </span>
          ))}
        >
          {`and ${lines.length} lines`}
        </WhyFigure>
      }
    >
      <Money amount="0" currency={currency} about={guess} />
    </Fact>
  );
}

function LaterBills({
  bills,
  first,
  currency,
  today,
}: {
  bills: readonly ForecastBill[];
  first: boolean;
  currency: string;
  today: string;
}) {
  if (!first) return null;
  return bills.slice(1, 2).map((bill, index) => (
    <Fragment key={bill.date}>
      <Fact
        label={
          <span className="text-text">{`${ORDINALS[index + 1]} bill, ${formatDay(bill.date, today)}`}</span>
        }
      >
        <Money amount={bill.totalMinor} currency={currency} about={!bill.exact} />
      </Fact>
    </Fragment>
  ));
}
