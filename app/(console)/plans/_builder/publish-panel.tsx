'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { periodWords } from '@/components/features/period-words';
import { formatAmount } from '@/components/format-amount';
import { ChangePanel } from '@/components/panel/change-panel';
import { useChange } from '../../_acts/use-change';

interface PublishProps {
  input: Record<string, unknown> & {
    code: string;
    name: string;
    amountMinor: string;
    currency: string;
    interval: string;
  };
  /** Customers on the present version, who stay there; null for a new plan. */
  staying: number | null;
  today: string;
  timezone: string;
  onClose: () => void;
  onPublished: () => void;
}

function Publish({ input, staying, today, timezone, onClose, onPublished }: PublishProps) {
  const router = useRouter();
  const [once] = useState(() => crypto.randomUUID());
  const change = useChange({
    command: 'plans/publish',
    input,
    hint: '',
    name: 'Publish',
    reason: null,
    note: '',
    shown: { today, timezone },
    onceKey: () => once,
    onDone: (result) => {
      if (!result.ok) return;
      onPublished();
      router.push(`/plans/${encodeURIComponent(input.code)}`);
      router.refresh();
    },
  });
  return (
    <ChangePanel
      title="Publish"
      subject={input.name}
      subjectDetail={input.code}
      state={change.state}
      onConfirm={change.confirm}
      onRetry={change.retry}
      onClose={onClose}
    >
      <p className="text-pretty text-text-2">
        {input.name} opens to new customers at once, at{' '}
        <span className="num font-medium text-ink">
          {formatAmount(BigInt(input.amountMinor), input.currency)}
        </span>{' '}
        {periodWords(input.interval)}.{' '}
        {staying === null
          ? 'Nobody is moved to it.'
          : `${staying === 1 ? 'The one customer' : `The ${staying} customers`} on the present version stay there until you move them.`}
      </p>
    </ChangePanel>
  );
}

/** Publishing as a change like any other: what it means first, then the one button. */
export default function PublishPanel(props: PublishProps) {
  const [client] = useState(() => new QueryClient());
  return (
    <QueryClientProvider client={client}>
      <Publish {...props} />
    </QueryClientProvider>
  );
}
