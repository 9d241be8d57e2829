import { formatAmount } from '@/components/format-amount';
import { WhyPanel } from '@/components/invoice/why-panel';
import type { InvoiceDocument } from '@/lib/queries/console/invoice';
import { FixMenu } from '../_acts/fix-menu';
import { InvoiceReceipt } from '../_acts/receipt';

/** Why a bill without lines was made at all. */
export function NothingDue({ document: { head } }: { document: InvoiceDocument }) {
  const amount = formatAmount(BigInt(head.totalMinor), head.currency);
  return (
    <WhyPanel
      notice={<InvoiceReceipt />}
      amount={amount}
      sentence={`${head.customerName}’s billing day came, but there was nothing to bill: the plan’s price was not due that day, as in a trial, and nothing was used that costs anything. The bill closes the period all the same, so that neither numbers nor periods have gaps.`}
      working={[]}
      result={{ what: 'Total', amount }}
      reproduces={null}
      actions={
        <span className="ml-auto">
          <FixMenu />
        </span>
      }
    />
  );
}
