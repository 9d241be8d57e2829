'use client';

import { formatAmount } from '@/components/format-amount';
import { formatDay } from '@/components/format-date';
import type { Outlook } from '@/lib/commands/preview/types';
import { billsToCome } from '../../../_acts/bills';
import { useActs } from '../_acts/acts-context';
import { TimelineRow } from './timeline-row';

function firstEntry(outlook: Outlook) {
  const bill = billsToCome(outlook)[0];
  if (!bill) return null;
  const amount = `${bill.exact ? '' : 'about '}${formatAmount(BigInt(bill.totalMinor), outlook.currency)}`;
  return {
    date: bill.date,
    text: outlook.trial ? `First paid day, first bill ${amount}` : `Next bill ${amount}`,
  };
}

/** The next bill as an entry to come; in ink while a change is proposed that moves it. */
export function NextBillEntry({ outlook }: { outlook: Outlook }) {
  const { preview, facts } = useActs();
  const now = firstEntry(preview?.before ?? outlook);
  const then = preview ? firstEntry(preview.after) : now;
  if (!then) return null;
  const moved = now !== null && (now.date !== then.date || now.text !== then.text);
  return (
    <TimelineRow
      when={formatDay(then.date, facts.today)}
      title={then.text}
      detail={moved && now.date !== then.date ? `Was ${formatDay(now.date, facts.today)}` : null}
      ink={moved}
      after="to come"
    />
  );
}
