import type { StateKind } from '@/components/ui/state';
import type { AttemptOutcome, DeliveryStatus } from '@/db/schema';
import type { DeliveryLine, EndpointLine } from '@/lib/queries/console/webhooks';

/** How a delivery stands, as it is said on screen. */
const STATUS_WORDS: Record<DeliveryStatus, { kind: StateKind; words: string }> = {
  waiting: { kind: 'info', words: 'On its way' },
  delivered: { kind: 'good', words: 'Delivered' },
  failed: { kind: 'bad', words: 'Given up' },
  paused: { kind: 'ended', words: 'Waits, endpoint off' },
};

/** One that failed and will be tried again is neither on its way nor lost. */
export function deliveryState({ status, attempts }: Pick<DeliveryLine, 'status' | 'attempts'>) {
  if (status === 'waiting' && attempts > 0) return { kind: 'warn' as const, words: 'Failed, tried again' };
  return STATUS_WORDS[status];
}

export const OUTCOME_WORDS: Record<AttemptOutcome, string> = {
  delivered: 'Delivered',
  refused: 'Refused',
  timed_out: 'No answer in time',
  unreachable: 'Not reached',
  blocked: 'Not dialled',
};

export function endpointState(endpoint: EndpointLine): { kind: StateKind; words: string } {
  if (endpoint.disabledBy === 'failures') return { kind: 'bad', words: 'Off after days of failures' };
  if (endpoint.disabledAt !== null) return { kind: 'ended', words: 'Off' };
  if (endpoint.failingSince !== null) return { kind: 'warn', words: 'Failing' };
  return { kind: 'good', words: 'On' };
}

export function typesWords(types: readonly string[] | null): string {
  if (types === null) return 'every event';
  return types.length === 1 ? (types[0] ?? '') : `${types.length} kinds of event`;
}

/** Where it goes, without the scheme. */
export const shortUrl = (url: string): string => url.replace(/^https?:\/\//, '');
