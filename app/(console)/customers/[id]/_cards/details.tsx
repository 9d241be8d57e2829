import type { ReactNode } from 'react';
import { formatInstant, zonePlace } from '@/components/format-date';
import { ChevronDownIcon } from '@/components/ui/icons';
import { Fact, Facts } from '@/components/ui/surface';
import type { CustomerPage } from '../../../_reading/customer';

const days = (count: number) => (count === 0 ? 'none' : `${count} ${count === 1 ? 'day' : 'days'}`);

/** What is rarely needed, folded: ids, addresses, rules, notes of other systems. */
export function Details({ page }: { page: CustomerPage }) {
  const { facts, subscriptions, now, person } = page;
  return (
    <details className="group mt-8 border-t border-line">
      <summary className="flex list-none items-center py-3 font-medium [&::-webkit-details-marker]:hidden">
        <span className="flex-1">Details</span>
        <ChevronDownIcon className="text-text-3 group-open:rotate-180" />
      </summary>
      <div className="grid gap-x-10 pb-4 @2xl:grid-cols-2">
        <Facts>
          <Row label="Your id" code>
            {facts.externalId}
          </Row>
          <Row label="Legal name">{facts.legalName}</Row>
          <Row label="Tax number" code>
            {facts.taxNumber}
          </Row>
          <Row label="Phone">{facts.phone}</Row>
          <Row label="Address">
            {facts.addressLines.length > 0 && (
              <span className="whitespace-normal">{facts.addressLines.join(', ')}</span>
            )}
          </Row>
          <Row label="Customer since">{formatInstant(facts.createdAt, person.timezone, 'full', now)}</Row>
        </Facts>
        <Facts>
          <Row label="Bills are cut in">{`${zonePlace(facts.timezone)} days`}</Row>
          <Row label="Pays within">
            {facts.paymentTermDays === 0 ? 'the same day' : days(facts.paymentTermDays)}
          </Row>
          <Row label="Review window">{days(facts.reviewDays)}</Row>
          {subscriptions.slice(0, 6).map((line) => (
            <Row key={line.id} label={`${line.planName}, version ${line.planVersion}`} code>
              {line.externalId}
            </Row>
          ))}
          {facts.metadata.map((entry) => (
            <Row key={entry.id} label={entry.key}>
              {entry.value}
            </Row>
          ))}
        </Facts>
      </div>
    </details>
  );
}

function Row({ label, code, children }: { label: string; code?: boolean; children: ReactNode }) {
  return (
    <Fact label={label}>
      {children ? (
        <span className={code ? 'code' : undefined}>{children}</span>
      ) : (
        <span className="text-text-3">—</span>
      )}
    </Fact>
  );
}
