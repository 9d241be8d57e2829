import { Suspense } from 'react';
import { CardBoundary } from '@/components/features/card-boundary';
import { LineKeys } from '@/components/invoice/line-keys';
import type { PaperLine } from '@/components/invoice/paper';
import { WhyPanel } from '@/components/invoice/why-panel';
import { CopyButton } from '@/components/ui/copy-button';
import { Skeleton } from '@/components/ui/waiting';
import type { InvoiceDocument } from '@/lib/queries/console/invoice';
import { explainCredit, explainLine } from '@/lib/queries/documents/explained';
import { FixMenu } from '../_acts/fix-menu';
import { InvoiceReceipt } from '../_acts/receipt';
import { Compared } from './compared';
import { DayEvents, LineDays } from './days';
import { Recomputed } from './recomputed';
import { Sentence } from './sentence';

interface WhyProps {
  document: InvoiceDocument;
  lines: readonly PaperLine[];
  picked: string;
  day: string | undefined;
  all: boolean;
}

/** Why the picked line is what it is: sentence, working, days, events. */
export function Why({ document, lines, picked, day, all }: WhyProps) {
  const at = lines.findIndex(({ id }) => id === picked);
  const line = lines[at];
  if (!line) return null;
  const fee = document.fees.find(({ id }) => id === picked);
  const credit = document.credits.find(({ id }) => id === picked);
  const { timezone } = document.head;
  const base = `/invoices/${document.head.id}?line=${picked}`;
  const counted = fee?.feeType === 'charge' && !fee.trueUpOf && fee.metricCode !== null && !fee.filtered;
  const why = fee ? explainLine(fee, document) : credit ? explainCredit(credit, document) : null;
  if (!why) return null;
  const explanation = `${line.what}, ${line.amount}: ${why.sentence}`;
  const daysProps = fee && { fee, timezone, day, all, base };
  return (
    <>
      <LineKeys hrefs={lines.map(({ href }) => href ?? '')} at={at} />
      <WhyPanel
        notice={<InvoiceReceipt />}
        amount={line.amount}
        position={`line ${at + 1} of ${lines.length}`}
        sentence={<Sentence text={why.sentence} />}
        working={why.rows}
        result={why.result}
        onBill={why.onBill}
        reproduces={why.reproduces}
        stored={why.stored}
        days={
          counted && daysProps ? (
            <CardBoundary what="The days">
              <Suspense fallback={<Skeleton className="h-40 w-full" />}>
                <LineDays {...daysProps} />
              </Suspense>
            </CardBoundary>
          ) : undefined
        }
        compared={
          counted && fee ? (
            <Suspense fallback={<Skeleton className="h-4 w-64" />}>
              <Compared fee={fee} timezone={timezone} />
            </Suspense>
          ) : undefined
        }
        events={
          counted && daysProps && day ? (
            <CardBoundary what="The events">
              <Suspense fallback={<Skeleton className="h-32 w-full" />}>
                <DayEvents {...daysProps} />
              </Suspense>
            </CardBoundary>
          ) : undefined
        }
        actions={
          <>
            <CopyButton tone="act" text={explanation}>
              Copy explanation
            </CopyButton>
            <span className="ml-auto">
              <FixMenu />
            </span>
            <Suspense fallback={<Skeleton className="h-4 w-64" />}>
              <Recomputed invoiceId={document.head.id} />
            </Suspense>
          </>
        }
      />
    </>
  );
}
