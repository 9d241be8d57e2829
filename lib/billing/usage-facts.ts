import type { Exact } from './money/exact.ts';

/** One usage event as the engine sees it (semantics 5.1). */
export interface UsageEvent {
  transactionId: string;
  /** Ingestion order, the tiebreak between equal timestamps. */
  sequence: bigint;
  /** Epoch milliseconds. */
  timestamp: number;
  properties: Record<string, unknown>;
  preciseTotalAmountMinor?: Exact;
}

/** Units of a fixed charge from an instant on, until the next segment. */
export interface FixedChargeSegment {
  units: string;
  effectiveAt: number;
  createdAt: number;
}
