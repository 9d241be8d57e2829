import type { Tx } from '@/db/clients';
import type { WebhookType } from '@/lib/schedule/outbox';

/** What an announcement names, and where to read it. `now` is the organisation's clock, epoch milliseconds. */
export interface Source {
  tx: Tx;
  organizationId: string;
  now: number;
  type: WebhookType;
  objectId: string;
  /** What could not be read back later: the figures of an alert, the reason of a failed payment. */
  payload: Record<string, unknown>;
}

/** The object as the wire carries it; null when it is gone. */
export type Loader = (source: Source) => Promise<Record<string, unknown> | null>;
