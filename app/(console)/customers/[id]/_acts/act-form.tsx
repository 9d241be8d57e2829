'use client';

import { type ActFields, ActForm as Form } from '../../../_acts/act-form';
import { useActs } from './acts-context';
import { ACT_NAMES, type Act } from './types';

/** One act on this customer: its figures show on the page while they are proposed, and its receipt stays after it. */
export function ActForm<Values extends object>({ act, ...fields }: ActFields<Values> & { act: Act }) {
  const { facts, close, setPreview, setApplied } = useActs();
  const { customerId, personId, name, domain, today, personTimezone } = facts;
  return (
    <Form
      {...fields}
      act={act}
      name={ACT_NAMES[act]}
      subject={{
        id: customerId,
        name,
        detail: domain,
        personId,
        shown: { today, timezone: personTimezone },
      }}
      onPreview={setPreview}
      onApplied={setApplied}
      onClose={close}
    />
  );
}
