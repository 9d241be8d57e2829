'use client';

import { formatAmount } from '@/components/format-amount';
import { ChoiceCards } from '@/components/ui/choice';
import { ActForm } from './act-form';
import { useInvoiceActs } from './acts-context';
import type { InvoiceActFacts } from './types';

type Paid = 'credit' | 'refund' | 'nothing';

interface Values {
  paid: Paid;
}

/** What the command is to give back of an invoice that was paid in part or whole. */
function givesBack({ creditableMinor, refundableMinor, paidMinor }: InvoiceActFacts, paid: Paid) {
  if (paidMinor === '0' || paid === 'nothing') return {};
  if (paid === 'credit') return { generate_credit_note: true, credit_amount: creditableMinor };
  return {
    generate_credit_note: true,
    refund_amount: refundableMinor,
    credit_amount: (BigInt(creditableMinor) - BigInt(refundableMinor)).toString(),
  };
}

/** The invoice does not hold any more: its number stays, nothing is due on it. */
export function CancelPanel() {
  const { facts } = useInvoiceActs();
  const initial: Values = { paid: facts.creditableMinor === '0' ? 'nothing' : 'credit' };
  return (
    <ActForm
      act="cancel"
      command="invoices/void"
      initial={initial}
      toInput={({ paid }) => ({ input: { id: facts.invoiceId, ...givesBack(facts, paid) }, hint: '' })}
      fields={({ paid }, change) => (
        <>
          <p className="text-pretty text-text-2">
            Its number stays used and nothing is due on it any more. Discounts it used count again
            {facts.paidMinor === '0' || paid === 'nothing' ? ', and credits that paid it come back' : ''}. You
            can bill the same again afterwards, changed or not.
          </p>
          {facts.paidMinor !== '0' && (
            <WhatWasPaid facts={facts} paid={paid} onPaid={(next) => change({ paid: next })} />
          )}
        </>
      )}
    />
  );
}

function WhatWasPaid({
  facts,
  paid,
  onPaid,
}: {
  facts: InvoiceActFacts;
  paid: Paid;
  onPaid: (paid: Paid) => void;
}) {
  const { currency, paidMinor, creditableMinor, refundableMinor } = facts;
  const money = (minor: bigint) => formatAmount(minor, currency);
  const rest = BigInt(creditableMinor) - BigInt(refundableMinor);
  const none = creditableMinor === '0' ? 'Credit notes have given all of it back.' : undefined;
  const question = `What becomes of the ${money(BigInt(paidMinor))} paid`;
  return (
    <>
      <p className="mt-4 mb-1.5 font-medium" aria-hidden="true">
        {question}
      </p>
      <ChoiceCards
        label={question}
        options={[
          {
            value: 'credit',
            label: 'Credit for later bills',
            figure: money(BigInt(creditableMinor)),
            detail: 'Their next bills use it up',
            notAllowed: none,
          },
          {
            value: 'refund',
            label: 'Pay back',
            figure: money(BigInt(refundableMinor)),
            detail: rest > 0n ? `and ${money(rest)} as credit` : 'You send the money; it is recorded here',
            notAllowed: refundableMinor === '0' ? 'Nothing is left to pay back.' : none,
          },
          {
            value: 'nothing',
            label: 'Nothing back',
            detail: `${money(BigInt(paidMinor))} stays recorded as paid`,
          },
        ]}
        value={paid}
        onChange={onPaid}
      />
    </>
  );
}
