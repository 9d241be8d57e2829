'use client';

import { type ActFields, ActForm as Form } from '../../../_acts/act-form';
import { useInvoiceActs } from './acts-context';
import { INVOICE_ACT_NAMES, type InvoiceAct } from './types';

const nothing = () => undefined;

/** One act on this invoice, in a panel over the page. `about` tells drafts of several lines apart. */
export function ActForm<Values extends object>({
  act,
  about = '',
  ...fields
}: ActFields<Values> & { act: InvoiceAct; about?: string }) {
  const { facts, close, setApplied } = useInvoiceActs();
  const { invoiceId, name, customerName, personId, today, personTimezone } = facts;
  return (
    <Form
      {...fields}
      act={act}
      name={INVOICE_ACT_NAMES[act]}
      subject={{
        id: `${invoiceId}${about}`,
        name,
        detail: customerName,
        personId,
        shown: { today, timezone: personTimezone },
      }}
      over
      onPreview={nothing}
      onApplied={setApplied}
      onClose={close}
    />
  );
}
