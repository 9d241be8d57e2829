import { computeInvoice } from './compute.ts';
import { ENGINE_VERSION, type InvoiceFacts } from './facts.ts';
import { type RegroupFacts, type RegroupResult, regroup } from './regroup.ts';
import type { InvoiceResult } from './result.ts';

/** One version of the engine, as it was when invoices were issued by it. */
export interface Engine {
  compute(facts: InvoiceFacts): InvoiceResult;
  regroup(facts: RegroupFacts): RegroupResult;
}

const ENGINES: Record<string, Engine> = {
  [ENGINE_VERSION]: { compute: computeInvoice, regroup },
};

/** The engine of a version; null when this release no longer carries it. */
export function engineOf(version: string): Engine | null {
  return ENGINES[version] ?? null;
}
